import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ReplicaSet } from '@reckon/kubernetes'
import { podOfTemplate } from './pod-of-template.ts'

const owner: ReplicaSet = {
  apiVersion: 'apps/v1',
  kind: 'ReplicaSet',
  metadata: { name: 'web', namespace: 'shop', uid: 'u' },
  spec: { selector: {} },
}

test('a pod has the labels, annotations and finalizers of its template, and nothing else that stands there', () => {
  const told = {
    labels: { app: 'web' },
    annotations: { note: 'x' },
    finalizers: ['example.com/hold'],
  }
  const spec = { containers: [{ name: 'c', image: 'i' }] }
  const pod = podOfTemplate(
    owner,
    { metadata: { name: 'other', uid: 'o', ...told }, spec },
    'web-a',
  )
  const { ownerReferences, ...metadata } = pod.metadata
  assert.deepEqual(metadata, {
    ...{ name: 'web-a', generateName: 'web-', namespace: 'shop' },
    ...told,
  })
  assert.deepEqual(
    ownerReferences?.map(({ uid, controller }) => [uid, controller]),
    [['u', true]],
  )
  assert.deepEqual(pod.spec, spec)
})
