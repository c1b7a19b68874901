import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Namespace } from '@reckon/kubernetes'
import { namespaceRules } from './namespace.ts'
import { contextWith } from './prepare-context.fixture.ts'

const namespace = (name: string, spec?: Namespace['spec'], metadata = {}): Namespace =>
  ({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name, ...metadata },
    ...(spec && { spec }),
  }) as Namespace
const finalizers = ['kubernetes']
const nowMs = Date.UTC(2026, 0, 1)
const context = contextWith()

test('a namespace begins Active, held by the finalizer, with its name among its labels', () => {
  const given = namespace('team', { finalizers: ['mine'] }, { labels: { a: 'b' } })
  assert.deepEqual(namespaceRules.prepareCreate?.(given, context), {
    ...given,
    metadata: { name: 'team', labels: { a: 'b', 'kubernetes.io/metadata.name': 'team' } },
    spec: { finalizers },
    status: { phase: 'Active' },
  })
})

test('what a cluster cannot be without may not be deleted', () => {
  for (const name of ['default', 'kube-public', 'kube-system']) {
    assert.ok(namespaceRules.undeletable?.(namespace(name)), name)
  }
  assert.equal(namespaceRules.undeletable?.(namespace('team')), undefined)
})

test('a namespace terminates while its finalizer is there, from when that was first asked for', () => {
  const after = namespaceRules.terminating?.(namespace('team', { finalizers }), { nowMs })
  assert.equal(after?.metadata.deletionTimestamp, '2026-01-01T00:00:00Z')
  assert.deepEqual(after?.status, { phase: 'Terminating' })
  const again = namespaceRules.terminating?.(after as Namespace, { nowMs: nowMs + 60_000 })
  assert.equal(again?.metadata.deletionTimestamp, '2026-01-01T00:00:00Z')
})

test('a namespace without finalizers goes', () => {
  const gone = [namespace('a', { finalizers: [] }), namespace('a', {}), namespace('a')]
  for (const each of gone) assert.equal(namespaceRules.terminating?.(each, { nowMs }), undefined)
})

test('finalizers are written by themselves only, and no other write changes them', () => {
  const before = namespace('team', { finalizers })
  const emptied = namespace('team', { finalizers: [] }, { labels: { a: 'b' } })
  const update = namespaceRules.prepareUpdate
  assert.deepEqual(update?.(emptied, before, context), { ...emptied, spec: { finalizers } })
  assert.equal(update?.(emptied, before, { ...context, subresource: 'finalize' }), emptied)
  assert.deepEqual(update?.(emptied, namespace('team'), context), emptied)
})
