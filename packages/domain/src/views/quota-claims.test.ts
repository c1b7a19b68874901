import assert from 'node:assert/strict'
import { test } from 'node:test'
import { recordedEvent } from '../recorded-event.fixture.ts'
import { QuotaClaims } from './quota-claims.ts'

const claim = (stream: string, attempt = 'a') => ({
  ...{ stream, uid: `uid of ${stream}`, attempt },
  amounts: { few: { pods: '1' } },
})
const event = (type: string, data: object, revision = 0n, stream = 'quotas-team') =>
  recordedEvent(type, data, { stream, revision, position: revision })
const streams = (claims: QuotaClaims, namespace = 'team') =>
  claims.of(namespace).claims.map(({ stream }) => stream)

test('what is reserved is claimed until it is released, by whoever reserved it', () => {
  const claims = new QuotaClaims()
  assert.deepEqual(claims.of('team'), { claims: [], revision: -1n })
  assert.equal(claims.apply(event('QuotaReserved', claim('pods-team/a'))), true)
  assert.equal(claims.apply(event('QuotaReserved', claim('pods-team/b'), 1n)), true)
  assert.deepEqual(streams(claims), ['pods-team/a', 'pods-team/b'])
  claims.apply(event('QuotaReleased', claim('pods-team/a', 'another'), 2n))
  assert.deepEqual(streams(claims), ['pods-team/a', 'pods-team/b'])
  claims.apply(event('QuotaReleased', claim('pods-team/a'), 3n))
  assert.deepEqual([streams(claims), claims.of('team').revision], [['pods-team/b'], 3n])
  assert.deepEqual([claims.of('other').revision, claims.namespaces()], [-1n, ['team']])
})

test('events of other streams are none of it', () => {
  const claims = new QuotaClaims()
  for (const stream of ['pods-team/a', 'quotas-team/few']) {
    assert.equal(claims.apply(event('QuotaReserved', claim('pods-team/a'), 0n, stream)), false)
  }
  assert.deepEqual(claims.namespaces(), [])
})

test('whatever is recorded of an object settles what is claimed for it', () => {
  const claims = new QuotaClaims()
  claims.apply(event('QuotaReserved', claim('pods-team/a')))
  claims.apply(event('QuotaReserved', claim('pods-team/b'), 1n))
  claims.settle('pods-team/none')
  claims.settle('pods-team/a')
  assert.deepEqual([streams(claims), claims.of('team').revision], [['pods-team/b'], 1n])
  claims.settle('pods-team/b')
  assert.deepEqual([streams(claims), claims.namespaces()], [[], []])
})

test('who listens hears of the namespace, until they end it', () => {
  const claims = new QuotaClaims()
  const heard: string[] = []
  const end = claims.subscribe((namespace) => heard.push(namespace))
  claims.apply(event('QuotaReserved', claim('pods-team/a')))
  end()
  claims.apply(event('QuotaReserved', claim('pods-team/b'), 1n))
  assert.deepEqual(heard, ['team'])
})

test('what was saved comes back, and is settled as before', () => {
  const claims = new QuotaClaims()
  claims.apply(event('QuotaReserved', claim('pods-team/a'), 7n))
  const restored = new QuotaClaims()
  for (const saved of JSON.parse(JSON.stringify(claims.snapshot()))) restored.restore(saved)
  assert.deepEqual(restored.of('team'), claims.of('team'))
  restored.settle('pods-team/a')
  assert.deepEqual(streams(restored), [])
})

test('events of objects for which nothing is claimed leave nothing behind', () => {
  const claims = new QuotaClaims()
  claims.settle('pods-team/a')
  assert.deepEqual(claims.snapshot(), [])
})
