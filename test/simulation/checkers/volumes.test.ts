import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  type KubernetesObject,
  persistentVolumeClaims,
  persistentVolumes,
  pods,
  storageAnnotations,
} from '@reckon/kubernetes'
import { Machine } from '../machine.ts'
import { World } from '../world.ts'
import type { Checker } from './checker.ts'
import { recordedFor } from './recorded.fixture.ts'
import { volumes } from './volumes.ts'

/** A world with one machine, in which nothing goes by itself. */
function recorded() {
  const machine = new Machine(new World(1), { index: 1, cpus: 1 })
  const made: { checker?: Checker } = {}
  const record = recordedFor((history) => {
    const looked = { history, hostile: undefined, guard: (act: () => void) => act() }
    made.checker = volumes(looked, [machine])
    return made.checker
  })
  return {
    record,
    machine,
    directories: machine.directories,
    look: () => made.checker?.onSecond?.(),
  }
}

const claim = (name: string, volumeName?: string): KubernetesObject => ({
  ...{ apiVersion: 'v1', kind: 'PersistentVolumeClaim' },
  metadata: {
    ...{ namespace: 'shop', name, uid: `uid-${name}` },
    ...(volumeName && { annotations: { 'pv.kubernetes.io/bind-completed': 'yes' } }),
  },
  spec: volumeName ? { volumeName } : {},
})
const refOf = (claim: string) => ({ namespace: 'shop', name: claim, uid: `uid-${claim}` })
const volume = (of?: string): KubernetesObject => ({
  ...{ apiVersion: 'v1', kind: 'PersistentVolume', metadata: { name: 'disk', uid: 'uid-disk' } },
  spec: of ? { claimRef: refOf(of) } : {},
})

test('a volume that one claim has and gives back may be another one’s; one that is taken away may not', () => {
  const { record } = recorded()
  record(persistentVolumes, volume())
  record(persistentVolumes, volume('a'))
  record(persistentVolumes, volume())
  record(persistentVolumes, volume('b'))
  assert.throws(() => record(persistentVolumes, volume('a')), /a volume is one claim’s/)
})

test('a volume that a claim was bound to is nobody else’s for good, also once the claim is gone', () => {
  for (const isVolumeFirst of [true, false]) {
    const { record } = recorded()
    record(persistentVolumes, volume())
    if (isVolumeFirst) record(persistentVolumes, volume('a'))
    record(persistentVolumeClaims, claim('a', 'disk'))
    if (!isVolumeFirst) record(persistentVolumes, volume('a'))
    assert.throws(() => record(persistentVolumes, volume()), /disk was uid-a’s/)
  }
})

test('no two claims are bound to one volume', () => {
  const { record } = recorded()
  record(persistentVolumeClaims, claim('a', 'disk'))
  assert.throws(() => record(persistentVolumeClaims, claim('b', 'disk')), /have disk/)
})

test('a claim keeps the volume that it has', () => {
  const { record } = recorded()
  record(persistentVolumeClaims, claim('a', 'disk'))
  assert.throws(() => record(persistentVolumeClaims, claim('a', 'other')), /had disk/)
})

const path = '/volumes/disk'
const podWith = (claim: string, nodeName?: string): KubernetesObject => ({
  ...{ apiVersion: 'v1', kind: 'Pod' },
  metadata: { namespace: 'shop', name: `with-${claim}`, uid: `pod-${claim}` },
  spec: {
    containers: [],
    volumes: [{ name: 'data', persistentVolumeClaim: { claimName: claim } }],
    ...(nodeName && { nodeName }),
  },
})
const waiting = (name: string, node: string): KubernetesObject => {
  const { metadata, ...rest } = claim(name)
  const { selectedNode } = storageAnnotations
  return { ...rest, metadata: { ...metadata, annotations: { [selectedNode]: node } } }
}
/** The volume as the agent of a node has made it for a claim. */
const madeVolume = (of: string, { node, phase = 'Bound' }: { node: string; phase?: string }) => {
  const { metadata, ...rest } = volume(of)
  const { madeOn, provisionedBy } = storageAnnotations
  return {
    ...rest,
    metadata: { ...metadata, annotations: { [madeOn]: node, [provisionedBy]: 'reckon.dev/local' } },
    spec: { claimRef: refOf(of), local: { path }, persistentVolumeReclaimPolicy: 'Delete' },
    status: { phase },
  }
}

test('a volume is made on a node that was chosen for its claim, and on no other', () => {
  const { record, machine } = recorded()
  record(persistentVolumeClaims, waiting('a', machine.node))
  record(persistentVolumes, madeVolume('a', machine))
  const other = recorded()
  other.record(persistentVolumeClaims, waiting('a', 'another'))
  assert.throws(() => other.record(persistentVolumes, madeVolume('a', machine)), /was to have it/)
})

test('a pod mounts what is its claim’s, and a directory is of a volume', async () => {
  const { record, machine, directories, look } = recorded()
  record(persistentVolumeClaims, waiting('a', machine.node))
  record(pods, podWith('a'))
  record(pods, podWith('b'))
  const mount = (of: string) => directories.onMounting({ podUid: `pod-${of}`, path, isMade: true })
  assert.throws(() => mount('a'), /a pod finds its own data/)
  record(persistentVolumes, madeVolume('a', machine))
  mount('a')
  assert.throws(() => mount('b'), /a pod finds its own data/)
  directories.made.add(path)
  await look()
  record(persistentVolumes, madeVolume('a', machine), { isGone: true })
  assert.throws(() => mount('a'), /no directory is without a volume/)
  assert.throws(() => look(), /no directory is without a volume/)
})

test('a directory is removed once its claim is gone, and its volume does not go before', () => {
  const { record, machine, directories } = recorded()
  record(persistentVolumeClaims, waiting('a', machine.node))
  record(persistentVolumes, madeVolume('a', machine))
  record(persistentVolumeClaims, claim('a', 'disk'))
  assert.throws(() => directories.onRemoving(path), /no volume is lost/)
  const released = madeVolume('a', { ...machine, phase: 'Released' })
  record(persistentVolumes, released)
  assert.throws(() => directories.onRemoving(path), /no volume is lost/)
  record(persistentVolumeClaims, claim('a', 'disk'), { isGone: true })
  directories.onRemoving(path)
  const { record: again } = recorded()
  again(persistentVolumes, volume('a'))
  again(persistentVolumeClaims, claim('a', 'disk'))
  assert.throws(
    () => again(persistentVolumes, volume('a'), { isGone: true }),
    /goes before its claim/,
  )
})

test('a claim stays while a pod that was bound before uses it', () => {
  const deleted = { ...claim('a', 'disk') }
  deleted.metadata = { ...deleted.metadata, deletionTimestamp: '2030-01-01T00:00:00Z' }
  const end = ({ record }: ReturnType<typeof recorded>) => {
    record(persistentVolumeClaims, deleted)
    return () => record(persistentVolumeClaims, deleted, { isGone: true })
  }
  const used = recorded()
  used.record(persistentVolumeClaims, claim('a', 'disk'))
  used.record(pods, podWith('a', used.machine.node))
  assert.throws(end(used), /does not go while a pod uses it/)
  const free = recorded()
  free.record(persistentVolumeClaims, claim('a', 'disk'))
  const go = end(free)
  free.record(pods, podWith('a', free.machine.node))
  go()
})

test('a pod is bound once the claims are that were there before it; of others its scheduler may have seen earlier ones', () => {
  const early = recorded()
  early.record(persistentVolumeClaims, claim('a'))
  early.record(pods, podWith('a'))
  assert.throws(() => early.record(pods, podWith('a', 'node-1')), /a pod is bound once its claims/)
  const { record } = recorded()
  record(pods, podWith('a'))
  record(persistentVolumeClaims, claim('a'))
  record(pods, podWith('a', 'node-1'))
})
