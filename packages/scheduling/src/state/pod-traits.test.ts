import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Pod } from '@reckon/kubernetes'
import { pod } from '../plugins/scenario.fixture.ts'
import { areAlike, haveSameParts, traitsKey, traitsOf } from './pod-traits.ts'

const ownedBy = (kind: string, name: string): Pod => {
  const made = pod()
  const owner = { apiVersion: 'apps/v1', kind, name, uid: 'u', controller: true }
  return { ...made, metadata: { ...made.metadata, ownerReferences: [owner] } }
}
const keyOf = (made: Pod) => traitsKey(made, '')

test('what a pod does not say has its default', () => {
  const traits = traitsOf(pod(), '')
  const { tolerations, nodeSelector } = traits.nodeWants
  assert.deepEqual([tolerations, nodeSelector, traits.spread], [[], {}, []])
  assert.deepEqual(
    [traits.priority, traits.mayPreempt, traits.controller, traits.isTerminating],
    [0, true, undefined, false],
  )
})

test('what it says holds', () => {
  const toleration = { key: 'gpu', operator: 'Exists' }
  const said = { priority: 7, preemptionPolicy: 'Never', tolerations: [toleration] } as const
  const traits = traitsOf(pod({ ...said, tolerations: [...said.tolerations] }), '')
  assert.deepEqual(traits.nodeWants.tolerations, [toleration])
  assert.deepEqual([traits.priority, traits.mayPreempt], [7, false])
  const { controller } = traitsOf(ownedBy('ReplicaSet', 'web'), '')
  assert.deepEqual(controller, { kind: 'ReplicaSet', name: 'web' })
})

test('pods differ by who manages them and by their claims, and by nothing else that others hold of them', () => {
  const claiming = (claimName: string) =>
    pod({ volumes: [{ name: 'v', persistentVolumeClaim: { claimName } }] })
  const differing = [
    pod(),
    ownedBy('ReplicaSet', 'web'),
    ownedBy('ReplicaSet', 'db'),
    ownedBy('StatefulSet', 'web'),
    claiming('a'),
    claiming('b'),
  ]
  assert.equal(new Set(differing.map(keyOf)).size, differing.length)
  for (const make of [() => pod(), () => ownedBy('ReplicaSet', 'web'), () => claiming('a')]) {
    assert.equal(keyOf(make()), keyOf(make()))
  }
  // Keys are hashed into what decisions have recorded: they stay as they were for pods without claims.
  assert.equal(JSON.parse(keyOf(pod())).length, 14)
})

test('a pod that was bound or tells how it fares is what it was; with anything else it is looked at again', () => {
  const made = ownedBy('ReplicaSet', 'web')
  const { metadata, spec } = made
  const bound = {
    ...made,
    metadata: { ...metadata, resourceVersion: '7' },
    spec: { ...spec, nodeName: 'a' },
    status: { phase: 'Running' },
  }
  assert.ok(haveSameParts(made, bound))
  const others: Pod[] = [
    { ...made, metadata: { ...metadata, labels: { app: 'other' } } },
    { ...made, metadata: { ...metadata, ownerReferences: [] } },
    { ...made, metadata: { ...metadata, deletionTimestamp: '2026-01-01T00:00:00Z' } },
    ...[
      { nodeSelector: {} },
      { affinity: {} },
      { tolerations: [] },
      { containers: [] },
      { initContainers: [] },
      { overhead: {} },
      { topologySpreadConstraints: [] },
      { priority: 7 },
      { preemptionPolicy: 'Never' as const },
      { volumes: [] },
    ].map((other) => ({ ...made, spec: { ...spec, ...other } })),
  ]
  for (const other of others) assert.ok(!haveSameParts(made, other), JSON.stringify(other))
})

test('pods are alike just where their keys are the same, though nothing of them is the very same', () => {
  const { metadata, spec } = ownedBy('ReplicaSet', 'web')
  const [container] = spec.containers
  assert.ok(container)
  const toleration = { key: 'gpu', operator: 'Exists' as const }
  const claim = { name: 'v', persistentVolumeClaim: { claimName: 'a' } }
  const pods: Pod[] = [
    ownedBy('ReplicaSet', 'web'),
    ownedBy('ReplicaSet', 'db'),
    pod(),
    ...[
      { namespace: 'other' },
      { labels: { app: 'web' } },
      { labels: { app: 'web', tier: 'a' } },
      { labels: { tier: 'a', app: 'web' } },
      { deletionTimestamp: '2026-01-01T00:00:00Z' },
      { name: 'another', uid: 'another', annotations: { a: 'b' } },
    ].map((other) => ({ ...pod(), metadata: { ...metadata, ...other } })),
    ...[
      { nodeSelector: { a: 'b' } },
      { affinity: { nodeAffinity: {} } },
      { tolerations: [toleration] },
      { containers: [] },
      { containers: [{ ...container, image: 'other' }] },
      { containers: [{ ...container, env: [] }] },
      { containers: [{ ...container, resources: { requests: { cpu: '2' } } }] },
      { containers: [{ ...container, ports: [{ containerPort: 80, hostPort: 80 }] }] },
      { containers: [container, container] },
      { initContainers: [container] },
      { initContainers: [{ ...container, restartPolicy: 'Always' }] },
      { overhead: { cpu: '1' } },
      { topologySpreadConstraints: [] },
      { priority: 7 },
      { preemptionPolicy: 'Never' as const },
      { volumes: [claim] },
      { volumes: [{ name: 'w' }, claim] },
      { volumes: [{ name: 'w' }] },
    ].map((other) => ({ ...pod(), metadata, spec: { ...spec, ...other } })),
  ]
  for (const one of pods) {
    for (const other of pods) {
      const isSame = keyOf(one) === keyOf(other)
      assert.equal(areAlike(one, structuredClone(other)), isSame, keyOf(one) + keyOf(other))
    }
  }
})
