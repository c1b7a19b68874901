import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createMemoryEventLog } from '@reckon/eventing/memory'
import { recordedLog } from './recorded-log.ts'

const metadata = { actor: { user: 'ada' }, verb: 'test', time: '', $correlationId: 'c' }

/** A log with some streams, and one that has the same events. */
async function logs() {
  const log = createMemoryEventLog()
  for (let each = 0; each < 20; each++) {
    const event = { id: `e-${each}`, type: 'Tested', data: { each }, metadata }
    await log.append(`tests-/${each % 3}`, 'Any', [event])
  }
  const events = await Array.fromAsync(log.readAll())
  return { log, events, recorded: recordedLog(events) }
}

test('what was recorded is read as from the log that it came from', async () => {
  const { log, events, recorded } = await logs()
  const middle = events[10]?.position ?? 0n
  for (const span of [{}, { after: middle }, { from: middle }, { from: middle, limit: 3 }]) {
    assert.deepEqual(
      await Array.fromAsync(recorded.readAll(span)),
      await Array.fromAsync(log.readAll(span)),
    )
  }
  const backwards = await Array.fromAsync(recorded.readAllBackwards())
  assert.deepEqual(backwards, events.toReversed())
  assert.deepEqual(
    await Array.fromAsync(recorded.readAllBackwards(middle)),
    await Array.fromAsync(log.readAllBackwards(middle)),
  )
  for (const direction of ['forwards', 'backwards'] as const) {
    for (const span of [
      { direction },
      { direction, from: 3n },
      { direction, from: 3n, limit: 2 },
    ]) {
      assert.deepEqual(
        await Array.fromAsync(recorded.readStream('tests-/1', span)),
        await Array.fromAsync(log.readStream('tests-/1', span)),
      )
    }
  }
  assert.equal(await recorded.head(), await log.head())
})

test('it is followed until somebody has enough, and takes nothing', async () => {
  const { events, recorded } = await logs()
  const stop = new AbortController()
  const heard: unknown[] = []
  for await (const each of recorded.follow(events[17]?.position, stop.signal)) {
    heard.push(each)
    if ('caughtUp' in each) stop.abort()
  }
  assert.deepEqual(heard, [...events.slice(18), { caughtUp: true }])
  const event = { id: 'e', type: 'Tested', data: {}, metadata }
  await assert.rejects(recorded.append('tests-/1', 'Any', [event]), /does not change/)
})
