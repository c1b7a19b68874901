import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  type Deployment,
  type Pod,
  type ReplicaSet,
  type ResourceQuota,
  StatusError,
} from '@reckon/kubernetes'
import { startedCluster } from './cluster.fixture.ts'
import { permanentRefusal } from './refused-creation.ts'
import { replicateTerm } from './replicate-term.ts'

const template = (spec: object = {}) => ({
  metadata: { labels: { app: 'web' } },
  spec: { containers: [{ name: 'c', image: 'i:1' }], ...spec },
})
const deploymentOf = (name: string, spec: object = {}) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name, namespace: 'shop' },
  spec: {
    replicas: 2,
    selector: { matchLabels: { app: 'web' } },
    template: template(spec),
  },
})

async function running(t: Parameters<typeof startedCluster>[0]) {
  const cluster = await startedCluster(t)
  cluster.start((signal) => replicateTerm(cluster.ports, signal))
  const notes = async () =>
    (await cluster.events()).flatMap(({ type, data }) =>
      type === 'NoteRecorded' ? [data as { reason: string; message: string; count: number }] : [],
    )
  const firstNote = async () => {
    for (;;) {
      const [note] = await notes()
      if (note) return note
      await cluster.ports.clock.sleep(5)
    }
  }
  const conditionsOf = (kind: string) =>
    cluster
      .list<Deployment | ReplicaSet>(kind)
      .flatMap(({ object }) => object.status?.conditions ?? [])
      .map(({ type, status, reason }) => `${type}=${status} ${reason}`)
  return { ...cluster, firstNote, conditionsOf }
}

test('a set whose pods are refused says so, as does its Deployment, and both no more once they are made', async (t) => {
  const cluster = await running(t)
  await cluster.create(deploymentOf('web', { priorityClassName: 'missing' }))
  const failure = 'ReplicaFailure=True FailedCreate'
  for (const kind of ['ReplicaSet', 'Deployment']) {
    await cluster.until(`the ${kind} tells`, () => cluster.conditionsOf(kind).includes(failure))
  }
  const note = await cluster.firstNote()
  assert.equal(note.reason, 'FailedCreate')
  assert.match(
    note.message,
    /^Error creating: pods "web-[a-z0-9]+-[a-z0-9]{5}" is forbidden: no PriorityClass with name missing was found$/,
  )
  await cluster.create({
    apiVersion: 'scheduling.k8s.io/v1',
    kind: 'PriorityClass',
    metadata: { name: 'missing' },
    value: 1,
  } as never)
  await cluster.until('pods are made', () => cluster.list<Pod>('Pod').length === 2)
  await cluster.until('nobody complains', () =>
    ['ReplicaSet', 'Deployment'].every((kind) => !cluster.conditionsOf(kind).includes(failure)),
  )
})

test('a set of whose pods only some are refused counts the others', async (t) => {
  const cluster = await running(t)
  const quota = { apiVersion: 'v1', kind: 'ResourceQuota' }
  const metadata = { name: 'few', namespace: 'shop' }
  await cluster.create({ ...quota, metadata, spec: { hard: { pods: '1' } } })
  await cluster.until('the quota counts', () =>
    cluster.list<ResourceQuota>('ResourceQuota').some(({ object }) => object.status?.used),
  )
  await cluster.create(deploymentOf('web'))
  await cluster.until('it counts the one, and tells of the other', () =>
    cluster
      .list<ReplicaSet>('ReplicaSet')
      .some(({ object: { status } }) => status?.replicas === 1 && status.conditions?.length === 1),
  )
})

test('a Deployment whose ReplicaSet would have too long a name says so', async (t) => {
  const cluster = await running(t)
  await cluster.create(deploymentOf('long.'.repeat(50).slice(0, 249)))
  const told = 'Progressing=False ReplicaSetCreateError'
  await cluster.until('it tells', () => cluster.conditionsOf('Deployment').includes(told))
  const note = await cluster.firstNote()
  assert.equal(note.reason, 'ReplicaSetCreateError')
  assert.match(note.message, /^Failed to create new replica set "long\./)
})

test('what passes by itself is told by nobody', () => {
  assert.equal(permanentRefusal(new StatusError('Conflict', '')), undefined)
  const quota = new StatusError('Forbidden', 'quota')
  assert.equal(permanentRefusal(quota), quota)
  const causes = [{ reason: 'NamespaceTerminating', message: '' }]
  assert.equal(permanentRefusal(new StatusError('Forbidden', '', { causes })), undefined)
  assert.equal(permanentRefusal(new TypeError('bug')), undefined)
})
