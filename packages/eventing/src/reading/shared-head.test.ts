import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createMemoryClock } from '../memory/index.ts'
import { createSharedHead } from './shared-head.ts'

/** A store that answers a question when it is told to, and how often it was asked. */
function openHead() {
  const asked: ((head: bigint) => void)[] = []
  const log = { head: () => new Promise<bigint>((resolve) => asked.push(resolve)) }
  const clock = createMemoryClock()
  return { asked, clock, ask: createSharedHead(log, clock) }
}

/** Until all that only promises hold up has gone on. */
const settled = () => new Promise((resolve) => setImmediate(resolve))

test('who comes while a question is under way shares the next', async () => {
  const { asked, ask } = openHead()
  const first = ask()
  await settled()
  const later = [ask(), ask()]
  await settled()
  assert.equal(asked.length, 1)
  asked[0]?.(7n)
  assert.equal(await first, 7n)
  await settled()
  assert.equal(asked.length, 2)
  asked[1]?.(9n)
  assert.deepEqual(await Promise.all(later), [9n, 9n])
})

test('after a question that many shared the next waits a moment for more', async () => {
  const { asked, clock, ask } = openHead()
  const crowd = Array.from({ length: 8 }, ask)
  await settled()
  asked[0]?.(7n)
  await Promise.all(crowd)
  const next = ask()
  await settled()
  assert.equal(asked.length, 1)
  await clock.advance(1)
  await settled()
  const alone = ask()
  asked[1]?.(8n)
  assert.equal(await next, 8n)
  await settled()
  assert.equal(asked.length, 3)
  asked[2]?.(9n)
  assert.equal(await alone, 9n)
})
