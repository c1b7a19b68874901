import { test } from 'node:test'
import type {
  KubernetesObject,
  PersistentVolume,
  PersistentVolumeClaim,
  StorageClass,
} from '@reckon/kubernetes'
import { given, inZone, node, pod } from './scenario.fixture.ts'

const bindCompleted = { 'pv.kubernetes.io/bind-completed': 'yes' }

const claim = (
  name: string,
  spec: object = {},
  annotations: Record<string, string> = {},
): PersistentVolumeClaim => ({
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name, namespace: 'default', uid: name, annotations },
  spec: {
    ...{ accessModes: ['ReadWriteOnce'], storageClassName: 'local' },
    resources: { requests: { storage: '1Gi' } },
    ...spec,
  },
})
const volume = (name: string, spec: object = {}, labels = {}): PersistentVolume => ({
  apiVersion: 'v1',
  kind: 'PersistentVolume',
  metadata: { name, labels },
  spec: {
    ...{ accessModes: ['ReadWriteOnce'], storageClassName: 'local' },
    capacity: { storage: '1Gi' },
    ...spec,
  },
  status: { phase: 'Available' },
})
const on = (name: string) => ({
  nodeAffinity: {
    required: {
      nodeSelectorTerms: [
        { matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values: [name] }] },
      ],
    },
  },
})
const local = (provisioner: string, volumeBindingMode = 'WaitForFirstConsumer'): StorageClass => ({
  apiVersion: 'storage.k8s.io/v1',
  kind: 'StorageClass',
  metadata: { name: 'local' },
  ...{ provisioner, volumeBindingMode },
})
const made = local('reckon.dev/local')
const found = local('kubernetes.io/no-provisioner')
const using = (...names: string[]) =>
  pod({
    volumes: names.map((claimName) => ({ name: claimName, persistentVolumeClaim: { claimName } })),
  })
const nodes: readonly KubernetesObject[] = [node('a'), node('b')]
const notFound = "node(s) didn't find available persistent volumes to bind"

test('a bound claim leads to the nodes from which its volume is reached', () => {
  const bound = claim('data', { volumeName: 'v' }, bindCompleted)
  const outcome = given(...nodes, bound, volume('v', on('b')), made).when(using('data'))
  outcome.thenSuits('b')
  outcome.thenRejected('a', 'VolumeBinding', 'node(s) had volume node affinity conflict')
})

test('a claim that waits for its first consumer suits wherever a volume can be made', () => {
  given(...nodes, claim('data'), made)
    .when(using('data'))
    .thenSuits('a', 'b')
})

test('where nobody makes volumes each claim needs one of its own that is there', () => {
  const there = [volume('v1', on('a')), volume('v2', on('b')), volume('v3', on('b'))]
  const cluster = given(...nodes, claim('one'), claim('two'), found, ...there)
  cluster.when(using('one')).thenSuits('a', 'b')
  const outcome = cluster.when(using('one', 'two'))
  outcome.thenSuits('b')
  outcome.thenRejected('a', 'VolumeBinding', notFound)
})

test('claims take the smallest volumes that do, the smallest claim first', () => {
  const sized = (storage: string) => ({ capacity: { storage }, ...on('a') })
  const large = claim('large', { resources: { requests: { storage: '10Gi' } } })
  const there = [volume('first', sized('10Gi')), volume('second', sized('1Gi'))]
  const cluster = given(...nodes, large, claim('small'), found, ...there)
  cluster.when(using('small', 'large')).thenSuits('a')
  cluster.when(using('large', 'small')).thenSuits('a')
})

test('a node that was chosen for a claim stays chosen', () => {
  const chosen = claim('data', {}, { 'volume.kubernetes.io/selected-node': 'b' })
  const outcome = given(...nodes, chosen, made).when(using('data'))
  outcome.thenSuits('b')
  outcome.thenRejected('a', 'VolumeBinding', notFound)
})

test('no node suits a claim that is not there, goes, or is to be bound before its pod is placed', () => {
  const rejected = (why: string, ...objects: KubernetesObject[]) =>
    given(...nodes, ...objects)
      .when(using('data'))
      .thenRejected('a', 'VolumeBinding', why)
  rejected('persistentvolumeclaim "data" not found')
  const immediate = local('reckon.dev/local', 'Immediate')
  const unbound = 'pod has unbound immediate PersistentVolumeClaims'
  rejected(unbound, claim('data'), immediate)
  rejected(unbound, claim('data', { storageClassName: '' }), made)
  const leaving = claim('data')
  leaving.metadata.deletionTimestamp = '2026-01-01T00:00:00Z'
  rejected('persistentvolumeclaim "data" is being deleted', leaving, made)
  const lost = claim('data', { volumeName: 'v' }, bindCompleted)
  rejected('persistentvolumeclaim "data" bound to non-existent persistentvolume "v"', lost)
})

test('a claim that lives with its pod is waited for', () => {
  const own = pod({ volumes: [{ name: 'scratch', ephemeral: {} }] })
  const name = `${own.metadata.name}-scratch`
  given(...nodes)
    .when(own)
    .thenRejected(
      'a',
      'VolumeBinding',
      `waiting for ephemeral volume controller to create the persistentvolumeclaim "${name}"`,
    )
  given(...nodes, claim(name), made)
    .when(own)
    .thenSuits('a', 'b')
})

test('a volume of a zone is used there', () => {
  const bound = claim('data', { volumeName: 'v' }, bindCompleted)
  const zoned = volume('v', {}, { 'topology.kubernetes.io/zone': 'z1__z2' })
  const outcome = given(inZone('z1', 'a'), inZone('z3', 'b'), node('c'), bound, zoned).when(
    using('data'),
  )
  outcome.thenSuits('a', 'c')
  outcome.thenRejected('b', 'VolumeZone', 'node(s) had no available volume zone')
})

test('a claim of the mode ReadWriteOncePod is one pod’s at a time', () => {
  const alone = claim('data', { volumeName: 'v', accessModes: ['ReadWriteOncePod'] }, bindCompleted)
  const user = { ...using('data'), spec: { ...using('data').spec, nodeName: 'a' } }
  const why =
    'node(s) unavailable due to PersistentVolumeClaim with ReadWriteOncePod access mode already in-use by another pod'
  given(...nodes, alone, volume('v'), user)
    .when(using('data'))
    .thenRejected('b', 'VolumeRestrictions', why)
  given(...nodes, alone, volume('v'))
    .when(using('data'))
    .thenSuits('a', 'b')
})
