import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { Refusal } from './read.ts'
import { readAnew } from './read-anew.ts'

const outOfReach = new Refusal(0, 'Failed to fetch')
const pauseMs = 2_000

test('what ends or breaks off is read anew after a pause, until there is no use in it', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const ends = [undefined, outOfReach, new Refusal(403, 'forbidden')]
  const told: (number | undefined)[] = []
  const read = async () => {
    const end = ends[told.length]
    if (end) throw end
  }
  const reading = readAnew(new AbortController().signal, read, (refusal) => {
    told.push(refusal?.code)
    return refusal?.code !== 403
  })
  for (const count of [1, 2]) {
    await setImmediate()
    t.mock.timers.tick(pauseMs - 1)
    await setImmediate()
    assert.equal(told.length, count)
    t.mock.timers.tick(1)
  }
  await reading
  assert.deepEqual(told, [undefined, 0, 403])
})

test('a pause ends with who reads, and what they hear no more is not told', async () => {
  const ended = new AbortController()
  const told: unknown[] = []
  const broken = readAnew(
    ended.signal,
    () => Promise.reject(outOfReach),
    (refusal) => {
      told.push(refusal)
      return true
    },
  )
  const cutOff = readAnew(
    ended.signal,
    () => new Promise((_, reject) => ended.signal.addEventListener('abort', reject)),
    () => assert.fail('nobody reads any more'),
  )
  await setImmediate()
  ended.abort()
  await Promise.all([broken, cutOff])
  assert.deepEqual(told, [outOfReach])
})
