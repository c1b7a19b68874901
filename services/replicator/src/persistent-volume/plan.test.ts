import assert from 'node:assert/strict'
import { test } from 'node:test'
import type {
  Node,
  PersistentVolume,
  PersistentVolumeClaim,
  Pod,
  StorageClass,
} from '@reckon/kubernetes'
import { type ClaimContext, planClaim } from './claim-plan.ts'
import type { Step } from './step.ts'
import { planVolume } from './volume-plan.ts'

const done = { 'pv.kubernetes.io/bind-completed': 'yes' }
const made = { 'pv.kubernetes.io/provisioned-by': 'reckon.dev/local' }
const now = '2026-01-01T00:00:00Z'

type Over = { metadata?: object; spec?: object; status?: object }

const claim = ({ metadata, spec, status }: Over = {}): PersistentVolumeClaim => ({
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: {
    ...{ name: 'data', namespace: 'shop', uid: 'u1' },
    ...{ finalizers: ['kubernetes.io/pvc-protection'], ...metadata },
  },
  spec: {
    accessModes: ['ReadWriteOnce'],
    resources: { requests: { storage: '5Gi' } },
    storageClassName: 'slow',
    ...spec,
  },
  status: { phase: 'Pending', ...status },
})
const volume = ({ metadata, spec, status }: Over = {}): PersistentVolume => ({
  apiVersion: 'v1',
  kind: 'PersistentVolume',
  metadata: { name: 'v', finalizers: ['kubernetes.io/pv-protection'], ...metadata },
  spec: {
    capacity: { storage: '5Gi' },
    accessModes: ['ReadWriteOnce'],
    persistentVolumeReclaimPolicy: 'Retain',
    storageClassName: 'slow',
    ...spec,
  },
  status: { phase: 'Available', ...status },
})
const storageClass = (over: object = {}): StorageClass => ({
  apiVersion: 'storage.k8s.io/v1',
  kind: 'StorageClass',
  metadata: { name: 'slow' },
  provisioner: 'kubernetes.io/no-provisioner',
  volumeBindingMode: 'Immediate',
  ...over,
})
const local = { provisioner: 'reckon.dev/local', volumeBindingMode: 'WaitForFirstConsumer' }
const pod = (name: string, nodeName?: string): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'shop' },
  spec: { containers: [], ...(nodeName && { nodeName }) },
})
const node: Node = { apiVersion: 'v1', kind: 'Node', metadata: { name: 'a' }, spec: {} }

type Around = { volumes?: PersistentVolume[]; classes?: StorageClass[]; users?: Pod[] }
const around = ({ volumes = [], classes = [], users = [] }: Around): ClaimContext => ({
  volume: (name) => volumes.find(({ metadata }) => metadata.name === name),
  volumes: () => volumes,
  storageClass: (name) => classes.find(({ metadata }) => metadata.name === name),
  node: (name) => (name === 'a' ? node : undefined),
  users: () => users,
})
const said = (steps: readonly Step[]) =>
  steps.map((step) => {
    if (step.type === 'Tell') return `${step.note.reason}: ${step.note.message}`
    if (step.type === 'SetVolumePhase') return `SetVolumePhase ${step.phase}`
    if (step.type === 'SetClaimStatus') return `SetClaimStatus ${step.status.phase}`
    if (step.type === 'RemoveFinalizer') return `RemoveFinalizer ${step.finalizer}`
    return step.type
  })
const planned = (object: PersistentVolumeClaim, context: Around = {}) =>
  said(planClaim(object, around(context)))

const wholeBinding = ['ClaimVolume', 'SetVolumePhase Bound', 'NameVolume', 'SetClaimStatus Bound']
const ours = { namespace: 'shop', name: 'data', uid: 'u1' }

test('a claim and the volume that suits become each other’s, one half after the other', () => {
  assert.deepEqual(planned(claim(), { volumes: [volume()] }), wholeBinding)
})

test('a binding that a crash has cut off goes on where it was', () => {
  const taken = volume({ spec: { claimRef: ours } })
  assert.deepEqual(planned(claim(), { volumes: [volume(), taken] }), wholeBinding.slice(1))
  const bound = volume({ spec: { claimRef: ours }, status: { phase: 'Bound' } })
  assert.deepEqual(planned(claim(), { volumes: [bound] }), wholeBinding.slice(2))
  const named = claim({ metadata: { annotations: done }, spec: { volumeName: 'v' } })
  assert.deepEqual(planned(named, { volumes: [bound] }), wholeBinding.slice(3))
  const { accessModes = [], capacity = {} } = bound.spec
  const status = { phase: 'Bound', accessModes, capacity }
  assert.deepEqual(planned({ ...named, status }, { volumes: [bound] }), [])
})

test('a volume that the claim names is taken, unless it does not do or is another’s', () => {
  const naming = claim({ spec: { volumeName: 'v' } })
  assert.deepEqual(planned(naming), [])
  assert.deepEqual(planned(naming, { volumes: [volume()] }), wholeBinding)
  const small = volume({ spec: { capacity: { storage: '1Gi' } } })
  assert.deepEqual(planned(naming, { volumes: [small] }), [
    'VolumeMismatch: Cannot bind to requested volume "v": requested PV is too small',
  ])
  const other = volume({ spec: { claimRef: { ...ours, name: 'else', uid: 'u2' } } })
  assert.deepEqual(planned(naming, { volumes: [other] }), [
    'FailedBinding: volume "v" already bound to a different claim.',
  ])
})

test('without a class and without a volume a claim waits and says so', () => {
  assert.deepEqual(planned(claim({ spec: { storageClassName: '' } })), [
    'FailedBinding: no persistent volumes available for this claim and no storage class is set',
  ])
  assert.deepEqual(planned(claim()), [
    'ProvisioningFailed: storageclass.storage.k8s.io "slow" not found',
  ])
})

test('a class that waits for the first consumer leaves free volumes alone until a node is chosen', () => {
  const classes = [storageClass(local)]
  const volumes = [volume()]
  assert.deepEqual(planned(claim(), { classes, volumes }), [
    'WaitForFirstConsumer: waiting for first consumer to be created before binding',
  ])
  assert.deepEqual(planned(claim(), { classes, users: [pod('web-0')] }), [
    'WaitForPodScheduled: waiting for pod web-0 to be scheduled',
  ])
  const chosen = claim({ metadata: { annotations: { 'volume.kubernetes.io/selected-node': 'a' } } })
  assert.deepEqual(planned(chosen, { classes, volumes }), wholeBinding)
  const [asked, told] = planned(chosen, { classes })
  assert.equal(asked, 'AskProvisioner')
  assert.match(told ?? '', /^ExternalProvisioning: Waiting for a volume to be created either by/)
})

test('a node that is gone, or on which there is no volume, is forgotten: the pod is placed again', () => {
  const on = (name: string) =>
    claim({ metadata: { annotations: { 'volume.kubernetes.io/selected-node': name } } })
  assert.deepEqual(planned(on('gone'), { classes: [storageClass(local)] }), ['ForgetNode'])
  const classes = [storageClass({ volumeBindingMode: 'WaitForFirstConsumer' })]
  assert.deepEqual(planned(on('a'), { classes }), [
    'ProvisioningFailed: no volume plugin matched name: kubernetes.io/no-provisioner',
    'ForgetNode',
  ])
})

test('nobody makes a directory of no node', () => {
  const classes = [storageClass({ ...local, volumeBindingMode: 'Immediate' })]
  assert.match(planned(claim(), { classes }).join(), /^ProvisioningFailed: no node was specified/)
})

test('a claim that has lost its volume says so once', () => {
  const lost = claim({ metadata: { annotations: done }, spec: { volumeName: 'v' } })
  const steps = planned(lost)
  assert.equal(steps[0], 'SetClaimStatus Lost')
  assert.match(steps[1] ?? '', /^ClaimLost: Bound claim has lost its PersistentVolume/)
  assert.deepEqual(planned({ ...lost, status: { phase: 'Lost' } }), [])
  const other = volume({ spec: { claimRef: { ...ours, uid: 'u2' } } })
  assert.match(planned(lost, { volumes: [other] })[1] ?? '', /^ClaimMisbound: Two claims/)
  const keptForOther = volume({ spec: { claimRef: { namespace: 'shop', name: 'else' } } })
  assert.match(planned(lost, { volumes: [keptForOther] })[1] ?? '', /^ClaimMisbound: Two claims/)
})

test('a directory grows as its class allows', () => {
  const classes = [storageClass({ ...local, allowVolumeExpansion: true })]
  const bound = volume({
    metadata: { annotations: made },
    spec: { claimRef: ours },
    status: { phase: 'Bound' },
  })
  const larger = claim({
    metadata: { annotations: done },
    spec: { volumeName: 'v', resources: { requests: { storage: '9Gi' } } },
  })
  assert.ok(planned(larger, { classes, volumes: [bound] }).includes('GrowVolume'))
  assert.ok(!planned(larger, { volumes: [bound] }).includes('GrowVolume'))
})

test('a claim goes once no pod that is placed uses it', () => {
  const leaving = claim({ metadata: { deletionTimestamp: now } })
  assert.deepEqual(planned(leaving, { users: [pod('p', 'a')] }), [])
  assert.deepEqual(planned(leaving, { users: [pod('p')] }), [
    'RemoveFinalizer kubernetes.io/pvc-protection',
  ])
})

const plannedVolume = (object: PersistentVolume, of?: PersistentVolumeClaim) =>
  said(planVolume(object, of))

test('a volume is available until it is some claim’s, and bound from then on', () => {
  assert.deepEqual(plannedVolume(volume({ status: { phase: 'Pending' } })), [
    'SetVolumePhase Available',
  ])
  const kept = volume({ spec: { claimRef: { namespace: 'shop', name: 'data' } } })
  assert.deepEqual(plannedVolume(kept, claim()), [])
  const taken = volume({ spec: { claimRef: ours } })
  assert.deepEqual(plannedVolume(taken, claim()), [])
  assert.deepEqual(plannedVolume(taken, claim({ spec: { volumeName: 'v' } })), [
    'SetVolumePhase Bound',
  ])
})

test('a volume whose claim is gone is released, and kept or left to whoever made it', () => {
  const bound = { spec: { claimRef: ours }, status: { phase: 'Bound' } }
  assert.deepEqual(plannedVolume(volume(bound)), ['SetVolumePhase Released'])
  const namesake = claim({ metadata: { uid: 'u2' } })
  assert.deepEqual(plannedVolume(volume(bound), namesake), ['SetVolumePhase Released'])
  const deletes = { claimRef: ours, persistentVolumeReclaimPolicy: 'Delete' }
  const ofOurs = volume({ ...bound, metadata: { annotations: made }, spec: deletes })
  assert.deepEqual(plannedVolume(ofOurs), ['SetVolumePhase Released'])
  assert.equal(plannedVolume(volume({ ...bound, spec: deletes }))[0], 'SetVolumePhase Failed')
})

test('a volume that a claim did not get in the end is nobody’s again, or goes where it was made for it', () => {
  const elsewhere = claim({ spec: { volumeName: 'other' } })
  assert.deepEqual(plannedVolume(volume({ spec: { claimRef: ours } }), elsewhere), ['Unbind'])
  const deletes = { claimRef: ours, persistentVolumeReclaimPolicy: 'Delete' }
  const surplus = volume({ metadata: { annotations: made }, spec: deletes })
  assert.deepEqual(plannedVolume(surplus, elsewhere), ['SetVolumePhase Released'])
})

test('a volume that is deleted between the two halves of its binding stays its claim’s', () => {
  const leaving = { deletionTimestamp: now, finalizers: ['kubernetes.io/pv-protection'] }
  const half = volume({ metadata: leaving, spec: { claimRef: ours } })
  assert.deepEqual(plannedVolume(half, claim()), [])
  const [first] = planClaim(claim(), around({ volumes: [half], classes: [storageClass()] }))
  assert.equal(first?.type, 'SetVolumePhase')
  // Of whose claim nothing is left, it goes.
  assert.deepEqual(plannedVolume(half), ['RemoveFinalizer kubernetes.io/pv-protection'])
})

test('a volume goes once it is no claim’s; what is to be removed with it keeps it until that is done', () => {
  const finalizers = [
    'kubernetes.io/pv-protection',
    'external-provisioner.volume.kubernetes.io/finalizer',
  ]
  const leaving = { deletionTimestamp: now, finalizers }
  const bound = { metadata: leaving, spec: { claimRef: ours }, status: { phase: 'Bound' } }
  assert.deepEqual(plannedVolume(volume(bound), claim({ spec: { volumeName: 'v' } })), [])
  const kept = volume({ metadata: leaving, status: { phase: 'Released' } })
  assert.deepEqual(
    plannedVolume(kept),
    finalizers.map((each) => `RemoveFinalizer ${each}`),
  )
  const removed = { metadata: leaving, spec: { persistentVolumeReclaimPolicy: 'Delete' } }
  assert.deepEqual(plannedVolume(volume(removed)), ['RemoveFinalizer kubernetes.io/pv-protection'])
})
