import assert from 'node:assert/strict'
import { test } from 'node:test'
import { metadataOf, type Note, notesStream } from '@reckon/domain'
import type { Pod } from '@reckon/kubernetes'
import { createMetrics, systemIds } from '@reckon/process'
import { byAda, startedCluster } from './cluster.fixture.ts'
import { scheduleTerm } from './schedule-term.ts'

test('a pod that a bug keeps from being placed holds up no other', async (t) => {
  const cluster = await startedCluster(t)
  const warnings: { loop?: string; err?: Error }[] = []
  const logger = { info() {}, warn: (fields: object) => warnings.push(fields) }
  const metrics = createMetrics()
  await cluster.node('a')
  // Nothing lets such a pod in, so it is written past the write path.
  const sound = (await cluster.pod('sound')).object as Pod
  const broken = { metadata: { ...sound.metadata, name: 'broken', uid: 'broken' }, spec: {} }
  const id = systemIds.next()
  const data = { object: { ...sound, ...broken } }
  const created = { id, type: 'PodCreated', data, metadata: metadataOf(byAda, id, 0) }
  await cluster.log.append('pods-default/broken', 'NoStream', [created])
  cluster.start((signal) => scheduleTerm({ ...cluster.ports, logger, metrics }, 1, signal))
  await cluster.until('the other one is placed', () => cluster.nodeOfPod('sound') === 'a')
  await cluster.pod('later')
  await cluster.until('a later one too', () => cluster.nodeOfPod('later') === 'a')

  await cluster.until(
    'it is noted',
    async () => (await cluster.events('NoteRecorded')).length === 2,
  )
  const notes = await cluster.events('NoteRecorded')
  assert.ok(notes.every(({ stream }) => stream === notesStream('broken')))
  const [note] = notes.map((event) => event.data as Note)
  assert.equal(note?.reason, 'FailedScheduling')
  assert.equal(note?.involvedObject.name, 'broken')
  assert.equal(warnings.filter(({ loop }) => loop === 'scheduler').length, 1)
  const text = await metrics.metrics()
  assert.match(text, /^reckon_key_failures_total\{loop="scheduler"\} 2$/m)
  assert.match(
    text,
    /^scheduler_schedule_attempts_total\{result="scheduled",profile="default-scheduler"\} 2$/m,
  )
  assert.match(text, /^scheduler_pending_pods\{queue="backoff"\} 1$/m)
})
