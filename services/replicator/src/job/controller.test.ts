import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hasCondition, isTerminating, type Job, type Pod } from '@reckon/kubernetes'
import { scheduleTerm } from '@reckon/scheduler/term'
import { RecordedPolicies } from '@reckon/scheduling'
import { startedCluster } from '../cluster.fixture.ts'
import { replicateTerm } from '../replicate-term.ts'

/** Upstream's defaults. */
const policies = new RecordedPolicies()

type Cluster = Awaited<ReturnType<typeof startedCluster>>

const jobOf = (name: string, spec: object = {}) => ({
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: { name, namespace: 'shop' },
  spec: {
    template: { spec: { restartPolicy: 'Never', containers: [{ name: 'c', image: 'i:1' }] } },
    ...spec,
  },
})

async function clusterWithANode(t: Parameters<typeof startedCluster>[0]) {
  const cluster = await startedCluster(t)
  cluster.start((signal) => replicateTerm(cluster.ports, signal))
  cluster.start((signal) => scheduleTerm({ ...cluster.ports, policies }, 1, signal))
  cluster.agents()
  await cluster.node('a')
  return cluster
}
const jobIn = (cluster: Cluster) => cluster.list<Job>('Job')[0]?.object
const running = (cluster: Cluster) =>
  cluster
    .list<Pod>('Pod')
    .map(({ object }) => object)
    .filter((pod) => pod.status?.phase === 'Running' && !isTerminating(pod))

test('a Job runs pods until enough of them have succeeded, and then writes no more', async (t) => {
  const cluster = await clusterWithANode(t)
  await cluster.create(jobOf('sum', { completions: 3, parallelism: 2 }))
  for (let succeeded = 0; succeeded < 3; succeeded++) {
    const wanted = Math.min(2, 3 - succeeded)
    await cluster.until(`${wanted} pods run`, () => running(cluster).length === wanted)
    const [pod] = running(cluster)
    assert.equal(pod?.metadata.labels?.['batch.kubernetes.io/job-name'], 'sum')
    if (pod) await cluster.end(pod, 'Succeeded')
  }
  await cluster.until('it is complete', () => hasCondition(jobIn(cluster)?.status, 'Complete'))
  const { status } = jobIn(cluster) ?? {}
  assert.deepEqual([status?.succeeded, status?.active, status?.failed], [3, undefined, undefined])
  assert.equal(cluster.list('Pod').length, 3)
  const jobEvents = (await cluster.events()).filter(
    ({ stream }) => stream === 'jobs.batch-shop/sum',
  )
  assert.deepEqual(
    new Set(jobEvents.map(({ type }) => type)),
    new Set(['JobCreated', 'JobStatusChanged']),
  )
})

test('a success counts though its pod is deleted before anybody looks', async (t) => {
  const cluster = await clusterWithANode(t)
  await cluster.create(jobOf('sum', { completions: 2 }))
  for (let succeeded = 0; succeeded < 2; succeeded++) {
    await cluster.until('a pod runs', () => running(cluster).length === 1)
    const [pod] = running(cluster)
    if (pod === undefined) throw new Error('no pod runs')
    await cluster.end(pod, 'Succeeded')
    await cluster.remove('Pod', pod.metadata.name)
  }
  await cluster.until('it is complete', () => hasCondition(jobIn(cluster)?.status, 'Complete'))
  assert.equal(jobIn(cluster)?.status?.succeeded, 2)
})

test('a Job without another try fails with its pod', async (t) => {
  const cluster = await clusterWithANode(t)
  await cluster.create(jobOf('sum', { backoffLimit: 0 }))
  await cluster.until('a pod runs', () => running(cluster).length === 1)
  const [pod] = running(cluster)
  if (pod) await cluster.end(pod, 'Failed')
  await cluster.until('it has failed', () => hasCondition(jobIn(cluster)?.status, 'Failed'))
  assert.equal(jobIn(cluster)?.status?.failed, 1)
})
