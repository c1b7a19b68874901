import assert from 'node:assert/strict'
import { test } from 'node:test'
import { notesStream } from '@reckon/domain'
import { StatusError } from '@reckon/kubernetes'
import { byAda, configMap, foundedCluster } from './cluster.fixture.ts'
import { noteFailure } from './record-note.ts'
import { destroyKey } from './write-key.ts'

async function clusterThatFails() {
  const cluster = await foundedCluster()
  const stored = await cluster.create('configmaps', configMap('a'))
  const note = (count: number, log = cluster.log) =>
    noteFailure({ ...cluster.ports, log }, stored, {
      component: 'scheduler',
      reason: 'FailedScheduling',
      doing: 'placing it',
      failing: { count, firstAtMs: 0 },
      origin: byAda,
    })
  const stream = notesStream(stored.object.metadata.uid ?? '')
  const counts = async () =>
    (await Array.fromAsync(cluster.log.readStream(stream))).map(
      ({ data }) => (data as { count: number }).count,
    )
  return { ...cluster, note, counts }
}

test('a failure is noted when a note is due: the first, the second, the fourth …', async () => {
  const { note, counts } = await clusterThatFails()
  for (let count = 1; count <= 8; count++) await note(count)
  assert.deepEqual(await counts(), [1, 2, 4, 8])
})

test('a note that the store does not take now is left out; a bug is not hidden', async () => {
  const { note, counts, log } = await clusterThatFails()
  const failing = (error: Error) => ({ ...log, append: () => Promise.reject(error) })
  await note(1, failing(new StatusError('ServiceUnavailable', '')))
  await assert.rejects(note(1, failing(new TypeError('bug'))), /bug/)
  assert.deepEqual(await counts(), [])
})

test('a key that the store does not destroy now is left to the replicator; a bug is not hidden', async () => {
  const { log } = await foundedCluster()
  const destroy = (error: Error) =>
    destroyKey({ log: { ...log, tombstone: () => Promise.reject(error) } }, 'u')
  await destroy(new StatusError('ServiceUnavailable', ''))
  await destroy(new StatusError('Timeout', ''))
  await assert.rejects(destroy(new StatusError('Forbidden', 'no')), /no/)
})
