import assert from 'node:assert/strict'
import { test } from 'node:test'
import { neededEvents } from './needed-events.ts'

async function* linesOf(events: readonly object[]) {
  for (const [index, event] of events.entries()) {
    yield JSON.stringify({ position: String(index + 1), ...event })
  }
}

const whole = { object: { metadata: {} } }
const log = [
  { stream: 'clusters-/cluster', type: 'ClusterFounded', data: {} },
  { stream: 'keys-1', type: 'DataKeyCreated', data: {} },
  { stream: 'pods-a/x', type: 'PodCreated', data: whole },
  { stream: 'pods-a/y', type: 'PodCreated', data: whole },
  { stream: 'pods-a/x', type: 'PodStarted', data: { patch: [] } },
  { stream: 'pods-a/y', type: 'PodDeleted', data: { patch: [] } },
  { stream: 'pods-a/x', type: 'PodChanged', data: { patch: [], ...whole } },
  { stream: 'secrets-a/s', type: 'SecretCreated', data: { sealed: { key: '1', whole: true } } },
  { stream: 'pods-a/x', type: 'PodChanged', data: { patch: [] } },
  { stream: 'pods-a/y', type: 'PodCreated', data: whole },
  { stream: 'pods-a/x', type: 'PodDeleted', data: { patch: [] } },
]

const exported = async (span: { after: bigint | undefined; upTo: bigint }) => {
  const lines = await Array.fromAsync(neededEvents(linesOf(log), span))
  return lines.map((line) => JSON.parse(line))
}
const positions = (events: readonly { position: string }[]) =>
  events.map(({ position }) => Number(position))

test('the whole log is exported up to a position, but no data key', async () => {
  assert.deepEqual(positions(await exported({ after: undefined, upTo: 7n })), [1, 3, 4, 5, 6, 7])
})

test('of what was before a span only what is needed to go on from there', async () => {
  assert.deepEqual(positions(await exported({ after: 9n, upTo: 11n })), [1, 7, 8, 9, 10, 11])
  assert.deepEqual(positions(await exported({ after: 5n, upTo: 5n })), [1, 3, 4, 5])
})

test('what is encrypted is there, and cannot be opened', async () => {
  const secret = (await exported({ after: undefined, upTo: 8n })).at(-1)
  assert.deepEqual(secret.data.sealed, { iv: '', data: '', tag: '', key: '1', whole: true })
})
