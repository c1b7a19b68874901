import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Pod, PodSpec, Volume } from '@reckon/kubernetes'
import type { NodeContext } from '../node/node-context.ts'
import { createSimulatedDisk } from '../simulated/simulated-disk.ts'
import { mountsOf } from './pod-mounts.ts'
import { volumeContent } from './volume-content.ts'

const podOf = (spec: Partial<PodSpec>): Pod => ({
  ...{ apiVersion: 'v1', kind: 'Pod' },
  metadata: { name: 'web', namespace: 'team', uid: 'u', labels: { app: 'web' } },
  spec: { containers: [], ...spec },
})
const known = {
  ...{ configMap: () => undefined, secret: () => undefined },
  ...{ claim: () => undefined, persistentVolume: () => undefined },
}
const node = {
  ports: { disk: createSimulatedDisk() },
  ...{ known, tokens: { token: () => undefined } },
  network: { settings: { clusterDns: '10.96.0.10', domain: 'cluster.local' } },
} as unknown as NodeContext

test('a mount lies where mountPath says, below its volume by subPath or subPathExpr, and is readOnly if it says so', async () => {
  const volumeMounts = [
    { name: 'v', mountPath: '/whole', readOnly: true },
    { name: 'v', mountPath: '/part', subPath: 'a/b' },
    { name: 'v', mountPath: '/own', subPathExpr: 'logs/$(WHO)' },
    { name: 'v', mountPath: '/shared', mountPropagation: 'Bidirectional' },
  ]
  const container = { name: 'c', volumeMounts }
  const pod = podOf({ volumes: [{ name: 'v', emptyDir: {} }] })
  const asked = { pod, container, attempt: 0, podIP: '10.0.0.1', env: { WHO: 'me' } }
  const [whole, part, own, shared] = await mountsOf(node, asked)
  assert.deepEqual(whole, { source: '/simulated/u/v', target: '/whole', readOnly: true })
  assert.deepEqual(part, { source: '/simulated/u/v/a/b', target: '/part', readOnly: false })
  assert.deepEqual(own, { source: '/simulated/u/v/logs/me', target: '/own', readOnly: false })
  assert.equal(shared?.propagation, 'Bidirectional')
})

test('emptyDir is on disk, or with medium Memory no larger than sizeLimit', () => {
  const contentOf = (volume: Omit<Volume, 'name'>) =>
    volumeContent({ name: 'v', ...volume }, podOf({}), { ...known, token: () => undefined })
  assert.deepEqual(contentOf({ emptyDir: {} }), { type: 'Empty', volume: 'v', medium: 'Disk' })
  assert.deepEqual(contentOf({ emptyDir: { medium: 'Memory', sizeLimit: '1Ki' } }), {
    ...{ type: 'Empty', volume: 'v', medium: 'Memory', bytesMax: 1_024 },
  })
  assert.deepEqual(contentOf({ hostPath: { path: '/x', type: 'Directory' } }), {
    ...{ type: 'HostPath', volume: 'v', path: '/x', check: 'Directory' },
  })
})

test('downwardAPI shows fields of the pod as files, with its defaultMode or their own', () => {
  const items = [
    { path: 'name', fieldRef: { fieldPath: 'metadata.name' } },
    { path: 'app', fieldRef: { fieldPath: "metadata.labels['app']" }, mode: 0o400 },
  ]
  const content = volumeContent(
    { name: 'v', downwardAPI: { defaultMode: 0o640, items } },
    podOf({}),
    { ...known, token: () => undefined },
  )
  const text = Buffer.from('web')
  assert.ok(content.type === 'Files')
  assert.deepEqual(
    [...content.files],
    [
      ['name', { content: text, mode: 0o640 }],
      ['app', { content: text, mode: 0o400 }],
    ],
  )
})
