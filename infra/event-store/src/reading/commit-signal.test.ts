import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createCommitSignal } from './commit-signal.ts'

test('a commit wakes those who wait for its streams, and those who wait for all', async () => {
  const signal = createCommitSignal()
  const woken: string[] = []
  const wait = (name: string, stream?: string) =>
    signal
      .listen(stream)
      .next()
      .then(() => woken.push(name))
  const ready = [wait('a', 'a'), wait('all')]
  wait('b', 'b')
  signal.publish(new Set(['a']))
  await Promise.all(ready)
  assert.deepEqual(woken, ['all', 'a'])
})

test('a commit that comes while nobody waits is not missed', async () => {
  const signal = createCommitSignal()
  const listener = signal.listen('a')
  signal.publish(new Set(['a']))
  await listener.next()
})

test('stopping ends a wait, and stopping twice harms nobody else', async () => {
  const signal = createCommitSignal()
  const first = signal.listen('a')
  const waiting = first.next()
  first.stop()
  await waiting
  const second = signal.listen('a')
  first.stop()
  const woken = second.next()
  signal.publish(new Set(['a']))
  await woken
})
