import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { KubernetesObject } from '@reckon/kubernetes'
import { recordedEvent } from '../recorded-event.fixture.ts'
import { Objects } from './objects.ts'
import { QuotaUsages } from './quota-usages.ts'

const metadata = (name: string, namespace = 'team') => ({ name, namespace, uid: `uid of ${name}` })
const pod = (name: string, cpu: string, namespace?: string): KubernetesObject => ({
  ...{ apiVersion: 'v1', kind: 'Pod', metadata: metadata(name, namespace) },
  spec: { containers: [{ name: 'c', image: 'i', resources: { requests: { cpu } } }] },
})
const quota = (name: string, hard: object): KubernetesObject => ({
  ...{ apiVersion: 'v1', kind: 'ResourceQuota', metadata: metadata(name) },
  spec: { hard },
})

/** A view, what is written into it, and what is used. */
function counting() {
  const view = new Objects()
  const usages = new QuotaUsages(view)
  let position = 0n
  const revisions = new Map<string, bigint>()
  const record = (type: string, object: KubernetesObject) => {
    const { name, namespace = '' } = object.metadata
    const stream = `${object.kind.toLowerCase()}s-${namespace}/${name}`
    const revision = (revisions.get(stream) ?? -1n) + 1n
    revisions.set(stream, revision)
    position += 1n
    const data = { object, patch: [] }
    view.apply(recordedEvent(`${object.kind}${type}`, data, { stream, revision, position }))
  }
  const used = () => usages.in('team').map(({ quota, used }) => [quota.metadata.name, used])
  return { view, usages, record, used }
}

test('what is there is counted when it is first asked for, and each change from then on', () => {
  const { record, used } = counting()
  record('Created', pod('a', '1'))
  record('Created', pod('elsewhere', '1', 'other'))
  record('Created', quota('few', { pods: '5', 'requests.cpu': '4' }))
  assert.deepEqual(used(), [['few', { pods: '1', 'requests.cpu': '1' }]])
  record('Created', pod('b', '500m'))
  record('Created', pod('far', '1', 'other'))
  assert.deepEqual(used(), [['few', { pods: '2', 'requests.cpu': '1500m' }]])
  record('Changed', pod('b', '2'))
  assert.deepEqual(used(), [['few', { pods: '2', 'requests.cpu': '3' }]])
  record('Deleted', pod('a', '1'))
  assert.deepEqual(used(), [['few', { pods: '1', 'requests.cpu': '2' }]])
})

test('of each quota only what it bounds is counted; another bound is counted anew', () => {
  const { record, used } = counting()
  record('Created', pod('a', '1'))
  record('Created', quota('few', { pods: '5' }))
  record('Created', quota('none', { configmaps: '5' }))
  assert.deepEqual(used(), [
    ['few', { pods: '1' }],
    ['none', {}],
  ])
  record('Changed', quota('none', { 'requests.cpu': '5' }))
  assert.deepEqual(used(), [
    ['few', { pods: '1' }],
    ['none', { 'requests.cpu': '1' }],
  ])
})

test('a quota that is deleted is no more, and one of that name counts anew', () => {
  const { record, used } = counting()
  record('Created', quota('few', { pods: '5' }))
  assert.deepEqual(used(), [['few', {}]])
  record('Deleted', quota('few', { pods: '5' }))
  record('Created', pod('a', '1'))
  assert.deepEqual(used(), [])
  record('Created', quota('few', { pods: '5' }))
  assert.deepEqual(used(), [['few', { pods: '1' }]])
})

test('only what a quota bounds is looked at, and only once', ({ mock }) => {
  const { view, record, used } = counting()
  record('Created', pod('a', '1'))
  record('Created', quota('few', { pods: '5' }))
  const scans = mock.method(view, 'scan')
  const scanned = () => scans.mock.calls.map(({ arguments: [resource] }) => resource.plural)
  used()
  const first = scanned().filter((plural) => plural !== 'resourcequotas')
  assert.deepEqual(first, ['pods'])
  record('Created', pod('b', '1'))
  assert.deepEqual(used(), [['few', { pods: '2' }]])
  assert.deepEqual(
    scanned().filter((plural) => plural !== 'resourcequotas'),
    first,
  )
})

test('who has ended it hears of no change', () => {
  const { usages, record, used } = counting()
  record('Created', quota('few', { pods: '5' }))
  used()
  usages.end()
  record('Created', pod('a', '1'))
  assert.deepEqual(used(), [['few', {}]])
})
