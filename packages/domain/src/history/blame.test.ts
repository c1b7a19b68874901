import assert from 'node:assert/strict'
import { test } from 'node:test'
import { configMaps } from '@reckon/kubernetes'
import { objectFold } from '../object-fold.ts'
import { byUser, recordedEvent } from '../recorded-event.fixture.ts'
import { Blame } from './blame.ts'
import { historyOf } from './object-history.ts'

const configMap = (data: object) => ({
  ...{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c', namespace: 'shop' } },
  ...{ data },
})

/** Who set each field of data, after these events; each by its user. */
function blamed(...steps: readonly [user: string, type: string, data: object][]) {
  const events = steps.map(([user, type, data], n) =>
    recordedEvent(type, data, { position: BigInt(n + 1), metadata: byUser(user) }),
  )
  const blame = new Blame(configMaps)
  for (const change of historyOf(
    configMaps,
    events,
    objectFold(configMaps, (each) => each),
  )) {
    blame.apply(change)
  }
  return Object.fromEntries(
    blame.fields
      .filter(({ field }) => field.startsWith('data'))
      .map(({ field, value, author }) => [field, `${value} by ${author.user}`]),
  )
}
const created = ['ada', 'ConfigMapCreated', { object: configMap({ a: '1', b: '2' }) }] as const

test('each field is of who set it last', () => {
  const patch = [{ op: 'replace', path: '/data/b', value: '3' }]
  assert.deepEqual(blamed([...created], ['jane', 'ConfigMapChanged', { patch }]), {
    ...{ 'data.a': '1 by ada', 'data.b': '3 by jane' },
  })
})

test('a field that went is of nobody, and neither is what lay in it', () => {
  const one = [{ op: 'remove', path: '/data/b' }]
  assert.deepEqual(blamed([...created], ['jane', 'ConfigMapChanged', { patch: one }]), {
    'data.a': '1 by ada',
  })
  const all = [{ op: 'replace', path: '/data', value: 'none' }]
  assert.deepEqual(blamed([...created], ['jane', 'ConfigMapChanged', { patch: all }]), {
    data: 'none by jane',
  })
})

test('an object that is deleted has no fields; one that is created again has its own', () => {
  const deleted = ['jane', 'ConfigMapDeleted', { patch: [] }] as const
  assert.deepEqual(blamed([...created], [...deleted]), {})
  const again = ['eve', 'ConfigMapCreated', { object: configMap({ c: '4' }) }] as const
  assert.deepEqual(blamed([...created], [...deleted], [...again]), { 'data.c': '4 by eve' })
})
