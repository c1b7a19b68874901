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

const log1000 = async (apart: (i: number) => number): Promise<EventLog> => {
  const log = createMemoryEventLog()
  const other = (count: number) => Array.from({ length: count }, (_, i) => sampleEvent({ i }))
  await log.append('samples-a/other', 'Any', other(200))
  for (let i = 0; i < 1000; i++) {
    await log.append('samples-a/long', 'Any', [sampleEvent({ i })])
    if (apart(i) > 0) await log.append('samples-a/other', 'Any', other(apart(i)))
  }
  return log
}

/** The most reads that a revision takes of a stream of 1,000 events, for each as the wanted one. */
async function mostReads(log: EventLog, isEndKnown: boolean): Promise<number> {
  let reads = 0
  const counted: EventLog = {
    ...log,
    readStream(stream, span) {
      reads++
      return log.readStream(stream, span)
    },
  }
  const events = await Array.fromAsync(log.readStream('samples-a/long'))
  const newest = isEndKnown ? events.at(-1) : undefined
  let most = 0
  for (const { position, revision } of events) {
    reads = 0
    assert.equal(await revisionAt(counted, 'samples-a/long', { position, newest }), revision)
    most = Math.max(most, reads)
  }
  return most
}

test('a stream that grew evenly costs three reads, one more where its end is not known', async () => {
  const log = await log1000((i) => i % 3)
  assert.equal(await mostReads(log, true), 3)
  assert.equal(await mostReads(log, false), 4)
})

test('any other long stream costs at most a read for each time that its length doubles', async () => {
  const log = await log1000((i) => (i === 300 ? 5000 : i > 900 ? 100 : 0))
  const most = await mostReads(log, true)
  assert.ok(most <= 10, `${most} reads`)
})
