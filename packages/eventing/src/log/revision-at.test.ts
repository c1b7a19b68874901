import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sampleEvent } from '../contract/sample-event.ts'
import { createMemoryEventLog } from '../memory/index.ts'
import type { EventLog } from './event-log.ts'
import { revisionAt } from './revision-at.ts'

const streams = ['samples-a/long', 'samples-a/short', 'samples-a/late']

/** Streams of different lengths, mixed. */
async function recorded(): Promise<EventLog> {
  const log = createMemoryEventLog()
  for (let i = 0; i < 100; i++) {
    const stream = i > 80 && i % 5 === 0 ? streams[2] : i % 17 === 0 ? streams[1] : streams[0]
    await log.append(stream ?? '', 'Any', [sampleEvent({ i })])
  }
  return log
}

test('at every position it is that of the last event up to there', async () => {
  const log = await recorded()
  const events = await Array.fromAsync(log.readAll())
  const at = (stream: string, position: bigint) => revisionAt(log, stream, { position })
  for (const stream of streams) {
    let expected: bigint | undefined
    assert.equal(await at(stream, (events[0]?.position ?? 0n) - 1n), undefined)
    for (const event of events) {
      if (event.stream === stream) expected = event.revision
      assert.equal(await at(stream, event.position), expected)
      assert.equal(await at(stream, event.position + 1n), expected)
    }
  }
  assert.equal(await at('samples-a/none', 10n ** 19n), undefined)
})

test('what the log has removed is not found', async () => {
  const log = await recorded()
  const events = await Array.fromAsync(log.readAll())
  await log.limitStream(streams[0] ?? '', 3)
  const kept = await Array.fromAsync(log.readStream(streams[0] ?? ''))
  for (const event of events) {
    const expected = kept.findLast(({ position }) => position <= event.position)?.revision
    assert.equal(await revisionAt(log, streams[0] ?? '', event), expected)
  }
})

test('a long stream costs a read for each time that its length doubles, one less where its end is known', async () => {
  const log = createMemoryEventLog()
  const many = Array.from({ length: 1000 }, (_, i) => sampleEvent({ i }))
  await log.append('samples-a/long', 'Any', many)
  let reads = 0
  const counted: EventLog = {
    ...log,
    readStream(stream, span) {
      reads++
      return log.readStream(stream, span)
    },
  }
  const events = await Array.fromAsync(log.readStream('samples-a/long'))
  for (const [index, newest] of [undefined, events.at(-1)].entries()) {
    reads = 0
    const moment = { position: events[6]?.position ?? 0n, newest }
    assert.equal(await revisionAt(counted, 'samples-a/long', moment), 6n)
    assert.equal(reads, 9 - index)
  }
})
