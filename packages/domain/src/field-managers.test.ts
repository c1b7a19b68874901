import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Metadata } from '@reckon/eventing'
import { configMaps, type KubernetesObject, nodes } from '@reckon/kubernetes'
import { managedBy, managerOf, withManagers } from './field-managers.ts'
import { byUser } from './recorded-event.fixture.ts'

const time = '2026-01-01T00:00:00Z'
const applied = {
  ...{ manager: 'kubectl', operation: 'Apply', apiVersion: 'v1', time, fieldsType: 'FieldsV1' },
  fieldsV1: { 'f:data': { 'f:a': {} } },
} as const
type Managers = KubernetesObject['metadata']['managedFields']
const configMap = (data: object, managedFields?: Managers): KubernetesObject => ({
  ...{ apiVersion: 'v1', kind: 'ConfigMap', data },
  metadata: { name: 'c', ...(managedFields && { managedFields }) },
})

/** The managers of an object that jane changed, each with what it manages. */
function managers(
  before: KubernetesObject,
  after: KubernetesObject,
  metadata: Metadata = byUser('jane'),
) {
  const by = { metadata, isStatusOnly: false }
  const made = withManagers(configMaps, before, after, by).metadata.managedFields
  return made?.map(({ manager, operation, fieldsV1 }) =>
    [manager, operation, JSON.stringify(fieldsV1)].join(' '),
  )
}
const known: Managers = [applied]
const before = configMap({ a: '1' }, known)
const after = configMap({ a: '1', b: '2' }, known)

test('who changes an object that was applied manages what they change', () => {
  assert.deepEqual(managers(before, after), [
    'kubectl Apply {"f:data":{"f:a":{}}}',
    'jane Update {"f:data":{"f:b":{}}}',
  ])
})

test('to say the managers that are there is to say nothing of them', () => {
  const copied = configMap({ a: '1', b: '2' }, structuredClone(known))
  assert.deepEqual(managers(before, copied), managers(before, after))
})

test('who changes its status manages it as status', () => {
  const node = (status: object): KubernetesObject => ({
    ...{ apiVersion: 'v1', kind: 'Node', status },
    metadata: { name: 'n', managedFields: known },
  })
  const by = { metadata: byUser('jane'), isStatusOnly: true }
  const made = withManagers(nodes, node({}), node({ phase: 'Running' }), by)
  const { manager, subresource } = made.metadata.managedFields?.[1] ?? {}
  assert.deepEqual([manager, subresource], ['jane', 'status'])
})

test('of an object that was never applied nobody is remembered', () => {
  const plain = configMap({ a: '2' })
  assert.equal(managers(configMap({ a: '1' }), plain), undefined)
})

test('what an event itself says of the managers is true', () => {
  const stating = byUser('jane', { statesManagers: true })
  assert.deepEqual(managers(before, after, stating), ['kubectl Apply {"f:data":{"f:a":{}}}'])
  const stated = configMap({ b: '2' }, [{ ...applied, manager: 'helm' }])
  assert.deepEqual(managers(before, stated), ['helm Apply {"f:data":{"f:a":{}}}'])
})

test('an object without managers has no empty list of them', () =>
  assert.deepEqual(managedBy(before, undefined).metadata, { name: 'c' }))

test('a manager is called as it says, or after its user', () => {
  const named = byUser('jane', { fieldManager: 'kubectl-edit' })
  assert.deepEqual(managerOf(named), { manager: 'kubectl-edit', time })
  assert.equal(managerOf(byUser('system:serviceaccount:shop:operator')).manager, 'operator')
  assert.deepEqual(managerOf(undefined), { manager: 'unknown', time: '1970-01-01T00:00:00Z' })
})
