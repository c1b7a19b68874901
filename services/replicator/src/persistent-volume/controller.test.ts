import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  isOf,
  isToRemove,
  type KubernetesObject,
  makingNodeOf,
  type PersistentVolume,
  type PersistentVolumeClaim,
  type Pod,
  persistentVolumeClaims,
  type StatefulSet,
} from '@reckon/kubernetes'
import { scheduleTerm } from '@reckon/scheduler/term'
import { RecordedPolicies } from '@reckon/scheduling'
import { startedCluster } from '../cluster.fixture.ts'
import { replicateTerm } from '../replicate-term.ts'

/** Upstream's defaults. */
const policies = new RecordedPolicies()

const volume = (name: string, storage: string): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'PersistentVolume',
  metadata: { name },
  spec: {
    ...{ capacity: { storage }, accessModes: ['ReadWriteMany'] },
    nfs: { server: 'nfs.test', path: '/data' },
  },
})
const claim = (name: string, storage: string, spec: object = {}): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name, namespace: 'shop' },
  spec: {
    ...{ accessModes: ['ReadWriteMany'], storageClassName: '' },
    resources: { requests: { storage } },
    ...spec,
  },
})

test('claims get volumes one each, by two replicators at once; a deleted one gives its volume back', async (t) => {
  const cluster = await startedCluster(t)
  cluster.start((signal) => replicateTerm(cluster.ports, signal))
  cluster.start((signal) => replicateTerm(cluster.ports, signal))
  const claims = () => cluster.list<PersistentVolumeClaim>('PersistentVolumeClaim')
  const volumes = () => cluster.list<PersistentVolume>('PersistentVolume')
  const phases = (list: readonly { object: { status?: { phase?: string } } }[]) =>
    list.map(({ object }) => object.status?.phase)
  await Promise.all([1, 2, 3].map((n) => cluster.create(volume(`v${n}`, `${n}Gi`))))
  await Promise.all([1, 2, 3, 4].map((n) => cluster.create(claim(`c${n}`, '1Gi'))))
  await cluster.until(
    'three are bound',
    () =>
      phases(claims()).filter((phase) => phase === 'Bound').length === 3 &&
      phases(volumes()).every((phase) => phase === 'Bound'),
  )
  const named = claims().flatMap(({ object }) => object.spec.volumeName ?? [])
  assert.deepEqual(named.toSorted(), ['v1', 'v2', 'v3'])
  for (const { object } of volumes()) {
    const own = claims().find(({ object: { spec } }) => spec.volumeName === object.metadata.name)
    assert.equal(object.spec.claimRef?.uid, own?.object.metadata.uid)
  }

  const [bound] = claims().filter(({ object }) => object.spec.volumeName)
  await cluster.remove('PersistentVolumeClaim', bound?.object.metadata.name ?? '')
  const released = () => volumes().filter(({ object }) => object.status?.phase === 'Released')
  await cluster.until('its volume is released', () => released().length === 1)
  assert.equal(claims().length, 3)

  // Whoever has looked at what is left on it makes it free.
  const name = released()[0]?.object.metadata.name ?? ''
  await cluster.remove('PersistentVolume', name)
  await cluster.until('it is gone', () => volumes().length === 2)
  await cluster.create(volume(name, '1Gi'))
  await cluster.until('the fourth has it', () =>
    phases(claims()).every((phase) => phase === 'Bound'),
  )
})

test('the claims of a StatefulSet are bound where its pods are to run, used again by the next, and end their volumes', async (t) => {
  const cluster = await startedCluster(t)
  cluster.start((signal) => replicateTerm(cluster.ports, signal))
  cluster.start((signal) => scheduleTerm({ ...cluster.ports, policies }, 1, signal))
  cluster.agents()
  await cluster.node('a')
  await cluster.node('b')
  // As the agents do, by way of the api.
  cluster.ports.objects.subscribe(({ type, stored: { object } }) => {
    if (type === 'DELETED' || !isOf(persistentVolumeClaims, object)) return
    const node = makingNodeOf(object)
    if (node === undefined || made.has(object.metadata.uid ?? '')) return
    made.add(object.metadata.uid ?? '')
    void cluster.create(madeFor(object, node))
  })
  const made = new Set<string>()
  const claims = () => cluster.list<PersistentVolumeClaim>('PersistentVolumeClaim')
  const pods = () => cluster.list<Pod>('Pod').map(({ object }) => object)
  const ready = () => cluster.list<StatefulSet>('StatefulSet')[0]?.object.status?.readyReplicas ?? 0
  const scaled = (replicas: number) =>
    cluster.change('StatefulSet', 'db', (object) => ({
      ...object,
      spec: { ...(object as StatefulSet).spec, replicas },
    }))

  await cluster.until('there is a class', () => cluster.list('StorageClass').length === 1)
  await cluster.create(setWithClaims)
  await cluster.until('three pods are ready', () => ready() === 3)
  assert.deepEqual(
    claims().map(({ object }) => object.metadata.name),
    ['data-db-0', 'data-db-1', 'data-db-2'],
  )
  for (const { object } of claims()) {
    const user = pods().find(({ metadata }) => object.metadata.name.endsWith(metadata.name))
    assert.equal(
      object.metadata.annotations?.['volume.kubernetes.io/selected-node'],
      user?.spec.nodeName,
    )
    assert.equal(object.spec.volumeName, `pvc-${object.metadata.uid}`)
  }
  const before = claims().map(({ object }) => object.metadata.uid)
  await scaled(1)
  await cluster.until('one pod is left', () => pods().length === 1)
  await scaled(3)
  await cluster.until('there are three again', () => ready() === 3 && pods().length === 3)
  assert.deepEqual(
    claims().map(({ object }) => object.metadata.uid),
    before,
  )

  await cluster.remove('PersistentVolumeClaim', 'data-db-2')
  assert.equal(claims().length, 3, 'a pod uses it')
  await scaled(2)
  await cluster.until('it goes with its last pod', () => claims().length === 2)
  const released = () =>
    cluster.list<PersistentVolume>('PersistentVolume').filter(({ object }) => isToRemove(object))
      .length
  await cluster.until('its volume is to be removed', () => released() === 1)
})

const setWithClaims = {
  apiVersion: 'apps/v1',
  kind: 'StatefulSet',
  metadata: { name: 'db', namespace: 'shop' },
  spec: {
    ...{ replicas: 3, serviceName: 'db', selector: { matchLabels: { app: 'db' } } },
    template: {
      metadata: { labels: { app: 'db' } },
      spec: {
        containers: [
          { name: 'c', image: 'i:1', volumeMounts: [{ name: 'data', mountPath: '/data' }] },
        ],
      },
    },
    volumeClaimTemplates: [
      {
        metadata: { name: 'data' },
        spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
      },
    ],
  },
}

/** What the api records when a node has a place for a claim. */
const madeFor = ({ metadata, spec }: PersistentVolumeClaim, node: string): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'PersistentVolume',
  metadata: {
    name: `pvc-${metadata.uid}`,
    annotations: { 'pv.kubernetes.io/provisioned-by': 'reckon.dev/local', 'reckon.dev/node': node },
  },
  spec: {
    ...{ accessModes: spec.accessModes, storageClassName: spec.storageClassName },
    capacity: { storage: '1Gi' },
    claimRef: { namespace: metadata.namespace, name: metadata.name, uid: metadata.uid },
    persistentVolumeReclaimPolicy: 'Delete',
    local: { path: `/data/pvc-${metadata.uid}` },
    nodeAffinity: {
      required: {
        nodeSelectorTerms: [
          { matchFields: [{ key: 'metadata.name', operator: 'In', values: [node] }] },
        ],
      },
    },
  },
})
