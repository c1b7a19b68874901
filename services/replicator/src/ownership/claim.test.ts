import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { KubernetesObject } from '@reckon/kubernetes'
import { claim } from './claim.ts'
import { controllerReferenceTo } from './controller-reference.ts'

const owner: KubernetesObject = {
  apiVersion: 'apps/v1',
  kind: 'ReplicaSet',
  metadata: { name: 'web', uid: 'o' },
}
const stranger = { ...owner, metadata: { name: 'other', uid: 's' } }
const selector = { matchLabels: { app: 'web' } }

type Options = { of?: KubernetesObject; app?: string; isTerminating?: boolean }
const dependent = (
  name: string,
  { of, app = 'web', isTerminating }: Options,
): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name,
    labels: { app },
    ...(of && { ownerReferences: [controllerReferenceTo(of)] }),
    ...(isTerminating && { deletionTimestamp: '2026-01-01T00:00:00Z' }),
  },
})
const candidates = [
  dependent('own', { of: owner }),
  dependent('own and ending', { of: owner, isTerminating: true }),
  dependent('own and renamed', { of: owner, app: 'db' }),
  dependent('orphan', {}),
  dependent('orphan and ending', { isTerminating: true }),
  dependent('other orphan', { app: 'db' }),
  dependent("another's", { of: stranger }),
]
const names = (objects: readonly KubernetesObject[]) => objects.map(({ metadata }) => metadata.name)

test('an owner keeps what it selects, takes selected orphans, and lets go of what it no longer selects', () => {
  const { owned, adopted, released } = claim(owner, candidates, selector)
  assert.deepEqual(names(owned), ['own', 'own and ending'])
  assert.deepEqual(names(adopted), ['orphan'])
  assert.deepEqual(names(released), ['own and renamed'])
})

test('an owner on its way out takes and gives nothing', () => {
  const metadata = { ...owner.metadata, deletionTimestamp: '2026-01-01T00:00:00Z' }
  const { owned, adopted, released } = claim({ ...owner, metadata }, candidates, selector)
  assert.deepEqual(names(owned), ['own', 'own and ending'])
  assert.deepEqual([adopted, released], [[], []])
})
