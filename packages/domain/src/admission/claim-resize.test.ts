import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  configMaps,
  type PersistentVolumeClaim,
  persistentVolumeClaims,
  type StorageClass,
} from '@reckon/kubernetes'
import { claimResize } from './claim-resize.ts'
import { having } from './others.fixture.ts'

const claim = (storage: string, storageClassName?: string): PersistentVolumeClaim => ({
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name: 'data', namespace: 'team' },
  spec: {
    resources: { requests: { storage } },
    ...(storageClassName && { storageClassName }),
  },
})
const classOf = (name: string, allowVolumeExpansion?: boolean): StorageClass => ({
  ...{ apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass', metadata: { name } },
  ...{ provisioner: 'reckon.dev/local', ...(allowVolumeExpansion && { allowVolumeExpansion }) },
})
const others = having([classOf('growing', true), classOf('fixed')])
const grow = (object: PersistentVolumeClaim, before?: PersistentVolumeClaim) =>
  claimResize.admit({ resource: persistentVolumeClaims, object, ...(before && { before }) }, others)

test('a claim grows where its class lets it', () =>
  grow(claim('2Gi', 'growing'), claim('1Gi', 'growing')))

test('where its class does not, is not there, or there is none, it does not grow', () => {
  for (const name of ['fixed', 'missing', undefined]) {
    assert.throws(() => grow(claim('2Gi', name), claim('1Gi', name)), {
      reason: 'Forbidden',
      message: /^persistentvolumeclaims "data" is forbidden: only dynamically provisioned pvc can/,
    })
  }
})

test('what asks for as much as before, or less, or for the first time, grows by nothing', () => {
  grow(claim('1024Mi', 'fixed'), claim('1Gi', 'fixed'))
  grow(claim('1Gi', 'fixed'), claim('2Gi', 'fixed'))
  grow(claim('1Gi', 'fixed'))
  const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } }
  claimResize.admit({ resource: configMaps, object, before: object }, others)
})
