import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { PersistentVolumeClaim, Pod } from '@reckon/kubernetes'
import { plan } from './plan.ts'

const spec = {
  accessModes: ['ReadWriteOnce'],
  resources: { requests: { storage: '1Gi' } },
}
const pod = (metadata: object = {}): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'web', namespace: 'shop', uid: 'p', ...metadata },
  spec: {
    containers: [],
    volumes: [
      { name: 'config', configMap: { name: 'c' } },
      {
        name: 'scratch',
        ephemeral: { volumeClaimTemplate: { metadata: { labels: { a: 'b' } }, spec } },
      },
    ],
  },
})

test('a pod has a claim for each volume that lives with it, and it goes with the pod', () => {
  const [step, ...more] = plan(pod(), () => undefined)
  assert.deepEqual(more, [])
  assert.ok(step?.type === 'CreateClaim')
  const { metadata } = step.claim
  assert.deepEqual([metadata.name, metadata.namespace], ['web-scratch', 'shop'])
  assert.deepEqual(metadata.labels, { a: 'b' })
  assert.equal(metadata.ownerReferences?.[0]?.uid, 'p')
  assert.deepEqual(step.claim.spec, spec)
  assert.deepEqual(
    plan(pod(), () => step.claim),
    [],
  )
})

test('no claim is made for a pod that goes, and another’s claim is left alone', () => {
  assert.deepEqual(
    plan(pod({ deletionTimestamp: '2026-01-01T00:00:00Z' }), () => undefined),
    [],
  )
  const other: PersistentVolumeClaim = {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name: 'web-scratch', namespace: 'shop' },
    spec,
  }
  const [step] = plan(pod(), () => other)
  assert.equal(step?.type, 'Tell')
})
