import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { metadataOf, type Note, notesStream } from '@reckon/domain'
import { createMetrics, systemIds } from '@reckon/process'
import { byAda, deploymentOf, startedCluster } from './cluster.fixture.ts'
import { replicateTerm } from './replicate-term.ts'

type Cluster = Awaited<ReturnType<typeof startedCluster>>

/** A Deployment that no plan can be made for: nothing lets such a one in, so it is written past the write path. */
async function recordBroken({ ports }: Cluster, name: string): Promise<string> {
  const id = systemIds.next()
  const object = deploymentOf(name, 2, { template: null })
  const event = {
    id,
    type: 'DeploymentCreated',
    data: { object: { ...object, metadata: { ...object.metadata, uid: `uid-of-${name}` } } },
    metadata: metadataOf(byAda, id, 0),
  }
  await ports.log.append(`deployments.apps-shop/${name}`, 'NoStream', [event])
  await ports.reader.waitForHead(1000)
  return `uid-of-${name}`
}

/** The first notes about an object, as soon as there are so many. */
async function notesAbout({ ports, stop }: Cluster, uid: string, count: number): Promise<Note[]> {
  const notes: Note[] = []
  for await (const next of ports.log.follow(undefined, stop.signal)) {
    if ('id' in next && next.stream === notesStream(uid)) notes.push(next.data as Note)
    if (notes.length === count) break
  }
  return notes
}

async function startedTerm(t: TestContext) {
  const cluster = await startedCluster(t)
  const warnings: { loop?: string; err?: Error; version?: string }[] = []
  const logger = { info() {}, warn: (fields: object) => warnings.push(fields) }
  const metrics = createMetrics()
  return {
    cluster,
    warnings,
    metrics,
    start: () =>
      cluster.start((signal) => replicateTerm({ ...cluster.ports, logger, metrics }, signal)),
  }
}

test('a bug about one object holds up no other, and tells of itself once, counted and as a note', async (t) => {
  const { cluster, warnings, metrics, start } = await startedTerm(t)
  const uid = await recordBroken(cluster, 'broken')
  start()
  await cluster.create(deploymentOf('web', 2))
  await cluster.until('the other one has its pods', () => cluster.list('Pod').length === 2)

  const notes = await notesAbout(cluster, uid, 3)
  assert.deepEqual(
    notes.map(({ count }) => count),
    [1, 2, 4],
  )
  const [note] = notes
  assert.equal(note?.reason, 'FailedReconcile')
  assert.equal(note?.type, 'Warning')
  assert.equal(note?.count, 1)
  assert.deepEqual(note?.source, { component: 'deployment-controller' })
  assert.deepEqual(note?.involvedObject, {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    namespace: 'shop',
    name: 'broken',
    uid,
  })
  assert.doesNotMatch(note?.message ?? '', /null|undefined|TypeError/)

  const warned = warnings.filter(({ loop }) => loop === 'deployment-controller')
  assert.equal(warned.length, 1)
  assert.match(warned[0]?.err?.stack ?? '', /TypeError/)
  const text = await metrics.metrics()
  const counted = /^reckon_key_failures_total\{loop="deployment-controller"\} (\d+)$/m.exec(text)
  assert.ok(Number(counted?.[1]) >= 4, text)
  assert.match(text, /^workqueue_depth\{name="deployment-controller"\} 0$/m)
})

test('a changed object is told of anew', async (t) => {
  const { cluster, warnings, start } = await startedTerm(t)
  const uid = await recordBroken(cluster, 'broken')
  start()
  await notesAbout(cluster, uid, 2)
  const warned = () => warnings.filter(({ loop }) => loop === 'deployment-controller').length
  assert.equal(warned(), 1)
  const id = systemIds.next()
  const patch = [{ op: 'add', path: '/metadata/labels', value: { a: 'b' } }]
  const metadata = metadataOf(byAda, id, 0)
  const changed = { id, type: 'DeploymentChanged', data: { patch }, metadata }
  await cluster.ports.log.append('deployments.apps-shop/broken', 0n, [changed])
  await notesAbout(cluster, uid, 3)
  assert.equal(warned(), 2)
})
