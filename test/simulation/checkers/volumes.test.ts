import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  type KubernetesObject,
  persistentVolumeClaims,
  persistentVolumes,
} from '@reckon/kubernetes'
import { recordedFor } from './recorded.fixture.ts'
import { volumes } from './volumes.ts'

const recorded = () =>
  recordedFor((history) => volumes({ history, hostile: undefined, guard: (act) => act() }, []))

const claim = (name: string, volumeName?: string): KubernetesObject => ({
  ...{ apiVersion: 'v1', kind: 'PersistentVolumeClaim' },
  metadata: {
    ...{ namespace: 'shop', name, uid: `uid-${name}` },
    ...(volumeName && { annotations: { 'pv.kubernetes.io/bind-completed': 'yes' } }),
  },
  spec: volumeName ? { volumeName } : {},
})
const volume = (of?: string): KubernetesObject => ({
  ...{ apiVersion: 'v1', kind: 'PersistentVolume', metadata: { name: 'disk', uid: 'uid-disk' } },
  spec: of ? { claimRef: { namespace: 'shop', name: of, uid: `uid-${of}` } } : {},
})

test('a volume that one claim has and gives back may be another one’s; one that is taken away may not', () => {
  const record = recorded()
  record(persistentVolumes, volume())
  record(persistentVolumes, volume('a'))
  record(persistentVolumes, volume())
  record(persistentVolumes, volume('b'))
  assert.throws(() => record(persistentVolumes, volume('a')), /a volume is one claim’s/)
})

test('no two claims are bound to one volume', () => {
  const record = recorded()
  record(persistentVolumeClaims, claim('a', 'disk'))
  assert.throws(() => record(persistentVolumeClaims, claim('b', 'disk')), /have disk/)
})

test('a claim keeps the volume that it has', () => {
  const record = recorded()
  record(persistentVolumeClaims, claim('a', 'disk'))
  assert.throws(() => record(persistentVolumeClaims, claim('a', 'other')), /had disk/)
})
