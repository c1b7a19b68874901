import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SchedulingQueue } from './queue.ts'

test('pods are tried in the order of their arrival, each once', () => {
  const queue = new SchedulingQueue()
  for (const uid of ['a', 'b', 'a']) queue.add(uid)
  assert.deepEqual([queue.pop(0), queue.pop(0), queue.pop(0)], ['a', 'b', undefined])
  assert.equal(queue.nextAtMs, undefined)
})

test('a pod that could not be bound rests longer each time, at most ten seconds', () => {
  const queue = new SchedulingQueue()
  queue.add('a')
  let now = 0
  const rests: number[] = []
  for (let attempt = 0; attempt < 6; attempt += 1) {
    assert.equal(queue.pop(now), 'a')
    queue.backOff('a', now)
    const next = queue.nextAtMs ?? 0
    rests.push(next - now)
    assert.equal(queue.pop(next - 1), undefined)
    now = next
  }
  assert.deepEqual(rests, [1000, 2000, 4000, 8000, 10_000, 10_000])
})

test('a parked pod waits for what may help, but not above a minute', () => {
  const queue = new SchedulingQueue()
  queue.add('a')
  queue.pop(0)
  queue.park('a', 0)
  assert.equal(queue.pop(30_000), undefined)
  queue.unpark()
  assert.equal(queue.pop(30_000), 'a')
  queue.park('a', 30_000)
  assert.equal(queue.nextAtMs, 90_000)
  assert.equal(queue.pop(90_000), 'a')
})

test('what may help does not shorten the rest', () => {
  const queue = new SchedulingQueue()
  queue.add('a')
  queue.pop(0)
  queue.park('a', 0)
  queue.unpark()
  assert.equal(queue.pop(500), undefined)
  assert.equal(queue.pop(1000), 'a')
})

test('a removed pod is forgotten wherever it waits', () => {
  const queue = new SchedulingQueue()
  for (const uid of ['a', 'b', 'c']) queue.add(uid)
  queue.pop(0)
  queue.park('a', 0)
  queue.pop(0)
  queue.backOff('b', 0)
  for (const uid of ['a', 'b', 'c']) queue.remove(uid)
  assert.equal(queue.nextAtMs, undefined)
})
