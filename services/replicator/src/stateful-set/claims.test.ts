import assert from 'node:assert/strict'
import { test } from 'node:test'
import type {
  ControllerRevision,
  PersistentVolumeClaim,
  Pod,
  StatefulSet,
} from '@reckon/kubernetes'
import { controllerReferenceTo } from '../ownership/controller-reference.ts'
import { plan } from './plan.ts'

const nowMs = Date.UTC(2026, 0, 1)
const set = (spec: object = {}): StatefulSet => ({
  apiVersion: 'apps/v1',
  kind: 'StatefulSet',
  metadata: { name: 'db', namespace: 'shop', uid: 's', generation: 1 },
  spec: {
    replicas: 2,
    serviceName: 'db',
    selector: { matchLabels: { app: 'db' } },
    podManagementPolicy: 'OrderedReady',
    updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 0 } },
    template: {
      metadata: { labels: { app: 'db' } },
      spec: {
        containers: [{ name: 'c', image: 'i:1' }],
        volumes: [{ name: 'data', emptyDir: {} }],
      },
    },
    volumeClaimTemplates: [
      {
        metadata: { name: 'data', labels: { tier: 'disk' }, annotations: { kept: 'yes' } },
        spec: {
          accessModes: ['ReadWriteOnce'],
          storageClassName: 'fast',
          resources: { requests: { storage: '1Gi' } },
        },
      },
    ],
    ...spec,
  },
})
const revision = (): ControllerRevision => {
  const [step] = plan(set(), [], { nowMs, revisions: () => [] }).steps
  assert.ok(step?.type === 'CreateRevision')
  return step.revision
}
const pod = (ordinal: number): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    ...{ name: `db-${ordinal}`, namespace: 'shop', uid: `p${ordinal}` },
    labels: { app: 'db', 'controller-revision-hash': revision().metadata.name },
    ownerReferences: [controllerReferenceTo(set())],
  },
  spec: { containers: [] },
  status: {
    phase: 'Running',
    conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: '2025-01-01T00:00:00Z' }],
  },
})
const claim = (ordinal: number, metadata: object = {}): PersistentVolumeClaim => ({
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name: `data-db-${ordinal}`, namespace: 'shop', uid: `c${ordinal}`, ...metadata },
  spec: {},
})
const planned = (of: StatefulSet, pods: Pod[], claims: PersistentVolumeClaim[]) =>
  plan(of, pods, {
    nowMs,
    revisions: () => [revision()],
    claim: (name) => claims.find(({ metadata }) => metadata.name === name),
  }).steps.filter(({ type }) => type !== 'SetStatus')

test('a pod is made after its claim, which bears its ordinal and the labels of the set', () => {
  const [step, ...more] = planned(set(), [], [])
  assert.deepEqual(more, [])
  assert.ok(step?.type === 'CreatePod')
  const [made, ...others] = step.claims ?? []
  assert.deepEqual(others, [])
  assert.equal(made?.metadata.name, 'data-db-0')
  assert.deepEqual(made.metadata.labels, { tier: 'disk', app: 'db' })
  assert.deepEqual(made.metadata.annotations, { kept: 'yes' })
  assert.deepEqual(made.spec, set().spec.volumeClaimTemplates?.[0]?.spec)
  assert.deepEqual(step.pod.spec.volumes, [
    { name: 'data', persistentVolumeClaim: { claimName: 'data-db-0' } },
  ])
})

test('a claim that an earlier pod left is used again; one that goes is waited for', () => {
  const [again, ...more] = planned(set(), [], [claim(0)])
  assert.ok(again?.type === 'CreatePod')
  assert.deepEqual([again.claims, more], [[], []])
  const leaving = claim(0, { deletionTimestamp: '2026-01-01T00:00:00Z' })
  assert.deepEqual(planned(set(), [], [leaving]), [])
  const ofPod = { apiVersion: 'v1', kind: 'Pod', name: 'db-0', uid: 'earlier' }
  assert.deepEqual(planned(set(), [], [claim(0, { ownerReferences: [ofPod] })]), [])
})

test('a claim that went before its pod started is made anew; one of a pod that runs is not', () => {
  const pending = { ...pod(0), status: { phase: 'Pending' } }
  const [made, ...more] = planned(set(), [pending], [])
  assert.ok(made?.type === 'CreateClaim')
  assert.deepEqual([made.claim.metadata.name, more], ['data-db-0', []])
  assert.deepEqual(planned(set(), [pending], [claim(0)]), [])
  const leaving = { deletionTimestamp: '2026-01-01T00:00:00Z' }
  assert.deepEqual(planned(set(), [pending], [claim(0, leaving)]), [])
  const running = { ...pod(0), status: { phase: 'Running' } }
  assert.deepEqual(planned(set(), [running], []), [])
})

test('claims are kept, or go with the set', () => {
  const both = [pod(0), pod(1)]
  assert.deepEqual(planned(set(), both, [claim(0), claim(1)]), [])
  const whenDeleted = { persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Delete' } }
  const owners = planned(set(whenDeleted), both, [claim(0), claim(1)]).flatMap((step) =>
    step.type === 'SetClaimOwners' ? step.references : [],
  )
  assert.deepEqual(
    owners.map(({ kind, uid }) => `${kind} ${uid}`),
    ['StatefulSet s', 'StatefulSet s'],
  )
})

test('a pod that is scaled away takes its claim along where it is to, and not where it comes back', () => {
  const policy = { persistentVolumeClaimRetentionPolicy: { whenScaled: 'Delete' } }
  const claims = [claim(0), claim(1)]
  const steps = planned(set({ ...policy, replicas: 1 }), [pod(0), pod(1)], claims)
  const [owned, deleted] = steps
  assert.ok(owned?.type === 'SetClaimOwners')
  assert.deepEqual(owned.references, [{ apiVersion: 'v1', kind: 'Pod', name: 'db-1', uid: 'p1' }])
  assert.equal(deleted?.type, 'DeletePod')
  const going = claim(1, { ownerReferences: owned.references })
  const [again] = planned(set(policy), [pod(0), pod(1)], [claim(0), going])
  assert.ok(again?.type === 'SetClaimOwners')
  assert.deepEqual(again.references, [])
})
