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

test('what an NFS server has is mounted as a whole, and to be read only where its volume, its claim or the mount says so', async () => {
  const nfs = { server: 'nfs.test', path: '/data' }
  const mounted = async (volume: Omit<Volume, 'name'>, mount: object = {}) => {
    const container = { name: 'c', volumeMounts: [{ name: 'v', mountPath: '/data', ...mount }] }
    const pod = podOf({ volumes: [{ name: 'v', ...volume }] })
    const asked = { pod, container, attempt: 0, podIP: undefined, env: {} }
    return (await mountsOf(node, asked))[0]
  }
  assert.deepEqual(await mounted({ nfs }), {
    ...{ source: 'nfs.test:/data', target: '/data', readOnly: false },
    nfs: { server: 'nfs.test', path: '/data', options: [] },
  })
  assert.equal((await mounted({ nfs: { ...nfs, readOnly: true } }))?.readOnly, true)
  assert.equal((await mounted({ nfs }, { readOnly: true }))?.readOnly, true)
  await assert.rejects(mounted({ nfs }, { subPath: 'a' }), /is mounted without a subPath/)
})

test('a claim that the pod only reads is mounted so', async () => {
  const source = { claimName: 'data', readOnly: true }
  const volume = { name: 'v', persistentVolumeClaim: source }
  const claim = {
    metadata: {
      name: 'data',
      namespace: 'team',
      uid: 'c',
      annotations: { 'pv.kubernetes.io/bind-completed': 'yes' },
    },
    spec: { volumeName: 'pv' },
  }
  const persistentVolume = {
    metadata: { name: 'pv' },
    spec: { claimRef: { namespace: 'team', name: 'data', uid: 'c' }, local: { path: '/disk' } },
  }
  const having = { ...known, claim: () => claim, persistentVolume: () => persistentVolume }
  const container = { name: 'c', volumeMounts: [{ name: 'v', mountPath: '/data' }] }
  const asked = {
    pod: podOf({ volumes: [volume] }),
    container,
    attempt: 0,
    podIP: undefined,
    env: {},
  }
  const [mount] = await mountsOf({ ...node, known: having } as unknown as NodeContext, asked)
  assert.deepEqual(mount, { source: '/disk', target: '/data', readOnly: true })
})

test('emptyDir is on disk, or with medium Memory no larger than sizeLimit', () => {
  const contentOf = (volume: Omit<Volume, 'name'>) =>
    volumeContent({ name: 'v', ...volume }, podOf({}), {
      ...known,
      token: () => undefined,
      allocatable: assert.fail,
    })
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
    { ...known, token: () => undefined, allocatable: assert.fail },
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
