import assert from 'node:assert/strict'
import { test } from 'node:test'
import { KeyedMutex } from './keyed-mutex.ts'

test('work on one key runs in the order of the calls, and on another key at once', async () => {
  const mutex = new KeyedMutex()
  const ran: string[] = []
  const first = Promise.withResolvers<void>()
  const running = [
    mutex.run('a', async () => {
      await first.promise
      ran.push('first of a')
    }),
    mutex.run('a', async () => void ran.push('second of a')),
  ]
  await mutex.run('b', async () => void ran.push('b'))
  first.resolve()
  await Promise.all(running)
  assert.deepEqual(ran, ['b', 'first of a', 'second of a'])
})

test("a failure is the caller's alone: the next work runs all the same", async () => {
  const mutex = new KeyedMutex()
  const failing = mutex.run('a', async () => {
    throw new Error('broken')
  })
  const next = mutex.run('a', async () => 'done')
  await assert.rejects(failing, /broken/)
  assert.equal(await next, 'done')
})
