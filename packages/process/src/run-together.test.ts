import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runTogether } from './run-together.ts'

const untilAborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => signal.addEventListener('abort', () => resolve()))

test('loops end when they are told to', async () => {
  const stop = new AbortController()
  const running = runTogether(stop.signal, [untilAborted, untilAborted])
  stop.abort()
  await running
})

test('what one loop throws ends the others, and is thrown', async () => {
  const ended = Promise.withResolvers<void>()
  const others = (signal: AbortSignal) => untilAborted(signal).then(ended.resolve)
  const failing = () => Promise.reject(new Error('broken'))
  await assert.rejects(runTogether(new AbortController().signal, [others, failing]), /broken/)
  await ended.promise
})
