import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ControllerRevision, Pod, ResourceQuota, StatefulSet } from '@reckon/kubernetes'
import { scheduleTerm } from '@reckon/scheduler/term'
import { RecordedPolicies } from '@reckon/scheduling'
import { startedCluster } from '../cluster.fixture.ts'
import { replicateTerm } from '../replicate-term.ts'

/** Upstream's defaults. */
const policies = new RecordedPolicies()

const metadataOf = (name: string) => ({ name, namespace: 'shop' })
const setOf = (name: string, spec: object = {}) => ({
  apiVersion: 'apps/v1',
  kind: 'StatefulSet',
  metadata: metadataOf(name),
  spec: {
    replicas: 3,
    selector: { matchLabels: { app: name } },
    serviceName: name,
    template: {
      metadata: { labels: { app: name } },
      spec: { containers: [{ name: 'c', image: 'i:1' }] },
    },
    ...spec,
  },
})

test('a claim that is refused keeps its own pod from being made, and no other; the set counts those', async (t) => {
  const cluster = await startedCluster(t)
  cluster.start((signal) => replicateTerm(cluster.ports, signal))
  const quota = { apiVersion: 'v1', kind: 'ResourceQuota', metadata: metadataOf('few') }
  await cluster.create({ ...quota, spec: { hard: { persistentvolumeclaims: '2' } } })
  await cluster.until('the quota counts', () =>
    cluster.list<ResourceQuota>('ResourceQuota').some(({ object }) => object.status?.used),
  )
  const spec = {
    accessModes: ['ReadWriteOnce'],
    resources: { requests: { storage: '1Gi' } },
    storageClassName: 'fast',
  }
  const volumeClaimTemplates = [{ metadata: { name: 'data' }, spec }]
  await cluster.create(setOf('db', { podManagementPolicy: 'Parallel', volumeClaimTemplates }))
  await cluster.until('the set counts two pods', () =>
    cluster.list<StatefulSet>('StatefulSet').some(({ object }) => object.status?.replicas === 2),
  )
  const count = (kind: string) => cluster.list(kind).length
  assert.deepEqual([count('PersistentVolumeClaim'), count('Pod')], [2, 2])
})

test('a StatefulSet is made, updated pod by pod, taken back and scaled, and then writes no more', async (t) => {
  const cluster = await startedCluster(t)
  cluster.start((signal) => replicateTerm(cluster.ports, signal))
  cluster.start((signal) => scheduleTerm({ ...cluster.ports, policies }, 1, signal))
  cluster.agents()
  await cluster.node('a')
  const status = () => cluster.list<StatefulSet>('StatefulSet')[0]?.object.status
  const imagesOf = () =>
    cluster.list<Pod>('Pod').map(({ object }) => object.spec.containers[0]?.image)
  const settled = (replicas: number, image: string) => () =>
    status()?.readyReplicas === replicas &&
    status()?.currentRevision === status()?.updateRevision &&
    imagesOf().length === replicas &&
    imagesOf().every((each) => each === image)

  await cluster.create(setOf('db'))
  await cluster.until('three pods are ready', settled(3, 'i:1'))
  const names = () => cluster.list<Pod>('Pod').map(({ object }) => object.metadata.name)
  assert.deepEqual(names().sort(), ['db-0', 'db-1', 'db-2'])
  const before = status()?.currentRevision

  const withImage = (image: string) =>
    cluster.change('StatefulSet', 'db', (object) => ({
      ...object,
      spec: setOf('db', {
        ...(object as StatefulSet).spec,
        template: {
          metadata: { labels: { app: 'db' } },
          spec: { containers: [{ name: 'c', image }] },
        },
      }).spec,
    }))
  await withImage('i:2')
  await cluster.until('all are of the new template', settled(3, 'i:2'))
  assert.notEqual(status()?.currentRevision, before)
  await withImage('i:1')
  await cluster.until('all are of the old template again', settled(3, 'i:1'))
  assert.equal(status()?.currentRevision, before)
  const revisions = cluster
    .list<ControllerRevision>('ControllerRevision')
    .map(({ object }) => object.revision)
  assert.deepEqual(revisions.sort(), [2, 3])

  await cluster.change('StatefulSet', 'db', (object) => ({
    ...object,
    spec: { ...(object as StatefulSet).spec, replicas: 1 },
  }))
  await cluster.until('one is left', settled(1, 'i:1'))
  assert.deepEqual(names(), ['db-0'])
  const scaled = (await cluster.events()).filter(({ type }) => type === 'StatefulSetScaled')
  assert.equal(scaled.length, 1)
})
