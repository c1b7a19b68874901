import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { KubernetesObject } from '@reckon/kubernetes'
import { type Owner, plan } from './plan.ts'

const nowMs = Date.UTC(2026, 0, 1)
const created = '2025-12-31T00:00:00Z'

const object = (name: string, metadata: object = {}): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: 'default', uid: name, creationTimestamp: created, ...metadata },
})
const reference = (uid: string) => ({ apiVersion: 'v1', kind: 'ConfigMap', name: uid, uid })
const there = (uid: string): Owner => ({
  reference: reference(uid),
  object: object(uid),
  isKnown: true,
})
const gone = (uid: string): Owner => ({ reference: reference(uid), isKnown: true })

type Given = { owners?: readonly Owner[]; dependents?: readonly KubernetesObject[] }
const context = { ownersOf: () => [], dependentsOf: () => [], nowMs }
const planned = (of: KubernetesObject, { owners = [], dependents = [] }: Given) =>
  plan(of, { ...context, ownersOf: () => owners, dependentsOf: () => dependents }).steps.map(
    ({ type, object: { metadata } }) => [type, metadata.name],
  )
const dying = { deletionTimestamp: '2026-01-01T00:00:00Z' }
const ownedBy = (uid: string, blockOwnerDeletion = true) => ({
  ownerReferences: [{ ...reference(uid), blockOwnerDeletion }],
})

test('what has no owner is no garbage', () => {
  assert.deepEqual(planned(object('x'), {}), [])
})

test('without any owner left it goes; while one is left it forgets the others', () => {
  assert.deepEqual(planned(object('x'), { owners: [gone('a'), gone('b')] }), [['Delete', 'x']])
  assert.deepEqual(planned(object('x'), { owners: [gone('a'), there('b')] }), [
    ['RemoveOwners', 'x'],
  ])
  assert.deepEqual(planned(object('x'), { owners: [there('a')] }), [])
})

test('an owner of a kind that is not served may be there', () => {
  const unknown: Owner = { reference: reference('a'), isKnown: false }
  assert.deepEqual(planned(object('x'), { owners: [unknown] }), [])
})

test('in the foreground a dependent that another owner keeps only forgets the one that goes', () => {
  const finalizers = ['foregroundDeletion']
  const owner = object('x', { ...dying, finalizers })
  const holding = object('holding', ownedBy('x'))
  const self: Owner = { reference: reference('x'), object: owner, isKnown: true }
  const unknown: Owner = { reference: reference('y'), isKnown: false }
  const waiting = { ...there('y'), object: object('y', { ...dying, finalizers }) }
  for (const [other, step] of [
    [there('y'), 'RemoveOwners'],
    [unknown, 'RemoveOwners'],
    [gone('y'), 'Delete'],
    [waiting, 'Delete'],
  ] as const) {
    const given = { owners: [self, other], dependents: [holding] }
    assert.deepEqual(planned(owner, given), [[step, 'holding']])
  }
})

test('in the foreground the dependents go first', () => {
  const owner = object('x', { ...dying, finalizers: ['foregroundDeletion'] })
  const holding = object('holding', ownedBy('x'))
  assert.deepEqual(planned(owner, { dependents: [holding] }), [['Delete', 'holding']])
  const going = object('going', { ...ownedBy('x'), ...dying })
  assert.deepEqual(planned(owner, { dependents: [going] }), [])
  const loose = object('loose', ownedBy('x', false))
  assert.deepEqual(planned(owner, { dependents: [loose] }), [
    ['Delete', 'loose'],
    ['RemoveFinalizer', 'x'],
  ])
})

test('three that own each other go when one is deleted in the foreground', () => {
  const going = { ...dying, finalizers: ['foregroundDeletion'] }
  const [a, b, c] = [
    ['a', 'c'],
    ['b', 'a'],
    ['c', 'b'],
  ].map(([name = '', owner = '']) => object(name, { ...going, ...ownedBy(owner) }))
  assert.ok(a && b && c)
  const dependentsOf = (of: readonly KubernetesObject[]) => (owner: KubernetesObject) =>
    of.filter(({ metadata }) => metadata.ownerReferences?.[0]?.uid === owner.metadata.uid)
  const steps = (of: readonly KubernetesObject[]) =>
    plan(a, { ...context, dependentsOf: dependentsOf(of) }).steps.map(({ type }) => type)
  assert.deepEqual(steps([a, b, object('c', ownedBy('b'))]), [], 'the last one is still to be told')
  assert.deepEqual(steps([a, b, c]), ['RemoveFinalizer'])
})

test('orphans live on', () => {
  const owner = object('x', { ...dying, finalizers: ['orphan'] })
  assert.deepEqual(planned(owner, { dependents: [object('y', ownedBy('x'))] }), [
    ['RemoveOwners', 'y'],
    ['RemoveFinalizer', 'x'],
  ])
})

test('a pod of a node that is gone goes 40 s after that was seen, however old the pod is', () => {
  const after = (nodeGoneForMs: number) => plan(object('x'), { ...context, nodeGoneForMs })
  assert.deepEqual(after(0), { steps: [], againAtMs: nowMs + 40_000 })
  assert.deepEqual(after(39_999), { steps: [], againAtMs: nowMs + 1 })
  assert.deepEqual(
    after(40_000).steps.map(({ type }) => type),
    ['DeleteAtOnce'],
  )
})
