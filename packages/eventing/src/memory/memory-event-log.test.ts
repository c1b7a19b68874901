import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eventLogContract } from '../contract/event-log-contract.ts'
import { sampleEvent } from '../contract/sample-event.ts'
import { createMemoryEventLog } from './memory-event-log.ts'

eventLogContract('memory', async () => createMemoryEventLog())

test('positions are sparse and begin above 2^53', async () => {
  const log = createMemoryEventLog()
  const positions: bigint[] = []
  for (let n = 0; n < 3; n++) {
    const appended = await log.append(`samples-a/${n}`, 'NoStream', [sampleEvent()])
    assert.ok(appended.recorded)
    positions.push(appended.position)
  }
  const [first, second, third] = positions as [bigint, bigint, bigint]
  assert.ok(first > 2n ** 53n)
  assert.ok(second - first > 1n && third - second > 1n)
  assert.notEqual(second - first, third - second)
})

test('two logs made alike give the same positions', async () => {
  const run = async () => {
    const log = createMemoryEventLog({ nextId: () => 'id' })
    await log.append('samples-a/b', 'Any', [sampleEvent(1, 'one'), sampleEvent(2, 'two')])
    await log.limitStream('samples-a/b', 1)
    return Array.fromAsync(log.readAll())
  }
  assert.deepEqual(await run(), await run())
})
