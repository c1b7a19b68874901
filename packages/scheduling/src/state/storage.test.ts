import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { PersistentVolume, PersistentVolumeClaim, StorageClass } from '@reckon/kubernetes'
import { StateHash } from './state-hash.ts'
import { Storage } from './storage.ts'

const claim = (spec: object = {}, metadata: object = {}): PersistentVolumeClaim => ({
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name: 'data', namespace: 'default', uid: 'u', ...metadata },
  spec: { storageClassName: 'late', resources: { requests: { storage: '1Gi' } }, ...spec },
})
const volume = (spec: object = {}, more: object = {}): PersistentVolume => ({
  apiVersion: 'v1',
  kind: 'PersistentVolume',
  metadata: { name: 'v' },
  spec: { storageClassName: 'late', capacity: { storage: '1Gi' }, ...spec },
  status: { phase: 'Available' },
  ...more,
})
const late = (provisioner = 'kubernetes.io/no-provisioner'): StorageClass => ({
  apiVersion: 'storage.k8s.io/v1',
  kind: 'StorageClass',
  metadata: { name: 'late' },
  ...{ provisioner, volumeBindingMode: 'WaitForFirstConsumer' },
})
const path = 'default/data'
const used = [{ path }]

/** The names of the volumes that the claim may be bound to. */
const volumesFor = (...volumes: readonly PersistentVolume[]) => {
  const storage = new Storage(new StateHash())
  storage.setClass(late())
  storage.setClaim(claim())
  for (const each of volumes) storage.setVolume(each)
  const [need] = storage.needsOf(used)
  assert.ok(need?.type === 'Delayed')
  return need.volumes.map(({ name }) => name)
}

test('a volume that is free and not going is a candidate, and no other', () => {
  assert.deepEqual(volumesFor(volume()), ['v'])
  assert.deepEqual(volumesFor(volume({}, { status: { phase: 'Released' } })), [])
  assert.deepEqual(volumesFor(volume({ claimRef: { name: 'other', namespace: 'default' } })), [])
  const metadata = { name: 'v', deletionTimestamp: '2026-01-01T00:00:00Z' }
  assert.deepEqual(volumesFor(volume({}, { metadata })), [])
  assert.deepEqual(volumesFor(volume({ storageClassName: 'other' })), [])
})

test('where a claim selects volumes by their labels, only those', () => {
  const storage = new Storage(new StateHash())
  storage.setClass(late())
  storage.setClaim(claim({ selector: { matchLabels: { disk: 'ssd' } } }))
  storage.setVolume(volume())
  storage.setVolume(volume({}, { metadata: { name: 'fast', labels: { disk: 'ssd' } } }))
  const [need] = storage.needsOf(used)
  assert.deepEqual(need?.type === 'Delayed' && need.volumes.map(({ name }) => name), ['fast'])
})

test('whether volumes are made, and which node was chosen, is told', () => {
  const storage = new Storage(new StateHash())
  const needOf = (provisioner: string, annotations: object) => {
    storage.setClass(late(provisioner))
    storage.setClaim(claim({}, { annotations }))
    const [need] = storage.needsOf(used)
    return need?.type === 'Delayed' && [need.isMade, need.selectedNode, need.request]
  }
  assert.deepEqual(needOf('kubernetes.io/no-provisioner', {}), [false, undefined, '1Gi'])
  const chosen = { 'volume.kubernetes.io/selected-node': 'a' }
  assert.deepEqual(needOf('reckon.dev/local', chosen), [true, 'a', '1Gi'])
})

test('who uses a claim matters where it is for one pod alone', () => {
  const storage = new Storage(new StateHash())
  storage.setClass(late())
  const inUse = (accessModes: string[]) => {
    storage.setClaim(claim({ accessModes }))
    const [need] = storage.needsOf(used)
    return need?.type === 'Delayed' && need.isInUse
  }
  assert.deepEqual([inUse(['ReadWriteOncePod']), inUse(['ReadWriteOnce'])], [false, false])
  storage.use(used, 1)
  storage.use(used, 1)
  assert.deepEqual([inUse(['ReadWriteOncePod']), inUse(['ReadWriteOnce'])], [true, false])
  storage.use(used, -1)
  assert.equal(storage.usersOf(path), 1)
  storage.use(used, -1)
  assert.deepEqual([storage.usersOf(path), inUse(['ReadWriteOncePod'])], [0, false])
})

test('only what placements depend on is a change, and the hash follows it', () => {
  const hash = new StateHash()
  const storage = new Storage(hash)
  const seen = () => [storage.changes, hash.toString()] as const
  const changes = (change: () => void) => {
    const before = seen()
    change()
    const after = seen()
    return after[0] !== before[0]
  }
  const empty = hash.toString()
  assert.equal(
    changes(() => storage.setClaim(claim())),
    true,
  )
  assert.equal(
    changes(() => storage.setClaim(claim({}, { labels: { any: 'x' } }))),
    false,
  )
  assert.equal(
    changes(() => storage.setClaim(claim({}, { uid: 'another' }))),
    true,
  )
  assert.equal(
    changes(() => storage.setVolume(volume())),
    true,
  )
  assert.equal(
    changes(() => storage.setVolume(volume({ persistentVolumeReclaimPolicy: 'Retain' }))),
    false,
  )
  assert.equal(
    changes(() => storage.setVolume(volume({}, { status: { phase: 'Bound' } }))),
    true,
  )
  assert.equal(
    changes(() => storage.setClass(late())),
    true,
  )
  assert.equal(
    changes(() => storage.setClass({ ...late(), reclaimPolicy: 'Retain' })),
    false,
  )
  assert.equal(
    changes(() => storage.setClass(late('other'))),
    true,
  )
  assert.equal(
    changes(() => storage.use([], 1)),
    false,
  )
  assert.equal(
    changes(() => storage.removeClaim('default/none')),
    false,
  )
  assert.equal(
    changes(() => storage.removeVolume('none')),
    false,
  )
  assert.equal(
    changes(() => storage.removeClass('none')),
    false,
  )
  assert.equal(
    changes(() => storage.removeClaim(path)),
    true,
  )
  assert.equal(
    changes(() => storage.removeVolume('v')),
    true,
  )
  assert.equal(
    changes(() => storage.removeClass('late')),
    true,
  )
  assert.equal(hash.toString(), empty)
})

test('everything of storage that placements depend on is in the hash, who uses a claim aside', () => {
  const hash = new StateHash()
  const storage = new Storage(hash)
  const going = { metadata: { name: 'v', deletionTimestamp: '2026-01-01T00:00:00Z' } }
  const hashes = [
    () => {},
    () => storage.setClaim(claim()),
    () => storage.setVolume(volume()),
    () => storage.setVolume(volume({}, going)),
    () => storage.setClass(late()),
    () => storage.removeVolume('v'),
  ].map((change) => {
    change()
    return hash.toString()
  })
  assert.equal(new Set(hashes).size, hashes.length)
  storage.use(used, 1)
  assert.equal(hash.toString(), hashes.at(-1))
})

test('a pod without claims depends on nothing of storage', () => {
  const storage = new Storage(new StateHash())
  assert.equal(storage.contextOf([]), '')
  assert.match(storage.contextOf(used), /persistentvolumeclaim \\"data\\" not found/)
})
