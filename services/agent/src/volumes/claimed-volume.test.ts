import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { PersistentVolume, PersistentVolumeClaim, Pod, Volume } from '@reckon/kubernetes'
import { volumeContent } from './volume-content.ts'

const pod: Pod = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'web', namespace: 'shop', uid: 'p' },
  spec: { containers: [] },
}
const claim = (name: string, over: object = {}): PersistentVolumeClaim => ({
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: {
    ...{ name, namespace: 'shop', uid: 'c' },
    annotations: { 'pv.kubernetes.io/bind-completed': 'yes' },
    ...over,
  },
  spec: { volumeName: 'v' },
})
const volume = (spec: object, annotations = {}): PersistentVolume => ({
  apiVersion: 'v1',
  kind: 'PersistentVolume',
  metadata: { name: 'v', annotations },
  spec: { claimRef: { namespace: 'shop', name: 'data', uid: 'c' }, ...spec },
})
const contentOf = (
  source: Omit<Volume, 'name'>,
  known: { claim?: PersistentVolumeClaim; volume?: PersistentVolume },
) =>
  volumeContent({ name: 'files', ...source }, pod, {
    ...{
      configMap: () => undefined,
      secret: () => undefined,
      token: () => undefined,
      allocatable: assert.fail,
    },
    claim: (_namespace, name) => (known.claim?.metadata.name === name ? known.claim : undefined),
    persistentVolume: () => known.volume,
  })
const data = { persistentVolumeClaim: { claimName: 'data' } }
const bound = (spec: object, annotations = {}) =>
  contentOf(data, { claim: claim('data'), volume: volume(spec, annotations) })

test('a claim is the directory, the path or the export of its volume', () => {
  assert.deepEqual(bound({ local: { path: '/disks/one' } }), {
    ...{ type: 'Local', volume: 'files', path: '/disks/one', isMade: false },
  })
  const ours = {
    'pv.kubernetes.io/provisioned-by': 'reckon.dev/local',
    'reckon.dev/node': 'a',
  }
  assert.deepEqual(bound({ local: { path: '/made' } }, ours), {
    ...{ type: 'Local', volume: 'files', path: '/made', isMade: true },
  })
  assert.deepEqual(bound({ hostPath: { path: '/data', type: 'Directory' } }), {
    ...{ type: 'HostPath', volume: 'files', path: '/data', check: 'Directory' },
  })
  const nfs = { server: 'nfs.test', path: '/exports', readOnly: true }
  assert.deepEqual(bound({ nfs, mountOptions: ['soft'] }), {
    ...{ type: 'Nfs', volume: 'files', isReadOnly: true },
    nfs: { server: 'nfs.test', path: '/exports', options: ['soft'] },
  })
  assert.deepEqual(contentOf({ nfs: { server: 's', path: '/p' } }, {}), {
    ...{ type: 'Nfs', volume: 'files', isReadOnly: false },
    nfs: { server: 's', path: '/p', options: [] },
  })
})

test('until there is such a volume its pod waits, and is told why', () => {
  const refused = (known: Parameters<typeof contentOf>[1], message: string) =>
    assert.throws(() => contentOf(data, known), { reason: 'NotFound', message })
  refused({}, 'persistentvolumeclaim "data" not found')
  const waiting = claim('data', { annotations: {} })
  refused({ claim: waiting }, 'persistentvolumeclaim "data" is not bound')
  refused({ claim: claim('data') }, 'persistentvolume "v" not found')
  const other = volume({ claimRef: { namespace: 'shop', name: 'data', uid: 'other' } })
  refused({ claim: claim('data'), volume: other }, 'persistentvolume "v" is bound to another claim')
})

test('a claim that lives with its pod is that pod’s own, or none', () => {
  const own = { ephemeral: { volumeClaimTemplate: { spec: {} } } }
  const owner = { apiVersion: 'v1', kind: 'Pod', name: 'web', controller: true }
  const known = (uid: string) => ({
    claim: claim('web-files', { ownerReferences: [{ ...owner, uid }] }),
    volume: volume({
      local: { path: '/p' },
      claimRef: { namespace: 'shop', name: 'web-files', uid: 'c' },
    }),
  })
  assert.equal(contentOf(own, known('p')).type, 'Local')
  assert.throws(() => contentOf(own, known('q')), {
    message: 'PVC shop/web-files was not created for pod shop/web (pod is not owner)',
  })
})
