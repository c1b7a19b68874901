import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { PersistentVolume, PersistentVolumeClaim, StorageClass } from '@reckon/kubernetes'
import { needOf } from './claim-need.ts'

const path = 'default/data'
const claim = (spec: object = {}, metadata: object = {}, phase = 'Pending') =>
  ({
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name: 'data', namespace: 'default', ...metadata },
    spec: { storageClassName: 'late', ...spec },
    status: { phase },
  }) as PersistentVolumeClaim
const bound = (volumeName = 'v') => {
  const annotations = { 'pv.kubernetes.io/bind-completed': 'yes' }
  return claim({ volumeName }, { annotations }, 'Bound')
}
const terms = { required: { nodeSelectorTerms: [] } }
const volume = (spec: object = {}): PersistentVolume => ({
  apiVersion: 'v1',
  kind: 'PersistentVolume',
  metadata: { name: 'v', labels: { disk: 'ssd' } },
  spec: { capacity: { storage: '1Gi' }, ...spec },
})
const storageClass = (volumeBindingMode?: 'Immediate' | 'WaitForFirstConsumer'): StorageClass => ({
  apiVersion: 'storage.k8s.io/v1',
  kind: 'StorageClass',
  metadata: { name: 'late' },
  provisioner: 'reckon.dev/local',
  ...(volumeBindingMode && { volumeBindingMode }),
})
const late = storageClass('WaitForFirstConsumer')

const needs = (
  of: PersistentVolumeClaim | undefined,
  { volumes = [] as readonly PersistentVolume[], classes = [late], isEphemeral = false } = {},
) =>
  needOf(
    { path, ...(isEphemeral && { isEphemeral }) },
    {
      claims: new Map(of ? [[path, of]] : []),
      volumes: new Map(volumes.map((each) => [each.metadata.name, each])),
      classes: new Map(classes.map((each) => [each.metadata.name, each])),
      usersOf: () => 0,
    },
  )
const obstacle = (why: string) => ({ type: 'Obstacle', why })

test('a claim that is not there, or is about to go, suits no node', () => {
  assert.deepEqual(needs(undefined), obstacle('persistentvolumeclaim "data" not found'))
  assert.deepEqual(
    needs(undefined, { isEphemeral: true }),
    obstacle('waiting for ephemeral volume controller to create the persistentvolumeclaim "data"'),
  )
  const going = claim({}, { deletionTimestamp: '2026-01-01T00:00:00Z' })
  assert.deepEqual(needs(going), obstacle('persistentvolumeclaim "data" is being deleted'))
})

test('a bound claim is where its volume is, if that is there', () => {
  const traits = { name: 'v', labels: { disk: 'ssd' } }
  const isBound = { type: 'Bound', isInUse: false }
  assert.deepEqual(needs(bound(), { volumes: [volume()] }), {
    ...isBound,
    volume: { ...traits, spec: {} },
  })
  assert.deepEqual(needs(bound(), { volumes: [volume({ nodeAffinity: terms })] }), {
    ...isBound,
    volume: { ...traits, spec: { nodeAffinity: terms } },
  })
  assert.deepEqual(
    needs(bound('w'), { volumes: [volume()] }),
    obstacle('persistentvolumeclaim "data" bound to non-existent persistentvolume "w"'),
  )
})

test('one that is not bound waits for its first consumer by its class, and for its binder otherwise', () => {
  const immediate = obstacle('pod has unbound immediate PersistentVolumeClaims')
  assert.equal(needs(claim()).type, 'Delayed')
  assert.deepEqual(needs(claim(), { classes: [] }), immediate)
  assert.deepEqual(needs(claim(), { classes: [storageClass('Immediate')] }), immediate)
  assert.deepEqual(needs(claim(), { classes: [storageClass()] }), immediate)
  assert.deepEqual(needs(claim({ volumeName: 'v' })), immediate)
  assert.ok(!('selectedNode' in needs(claim())))
})
