import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Pod } from '@reckon/kubernetes'
import { ClusterState } from '@reckon/scheduling'
import type { Parking } from './parked-sorts.ts'
import { SchedulingQueue } from './queue.ts'

const cluster = new ClusterState()
const parking = (app: string, verdict = 'Insufficient cpu', policy = 'default'): Parking => {
  const pod: Pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: app, labels: { app } },
    spec: { containers: [] },
  }
  const rejectedBy = new Set(['NodeResourcesFit'])
  return { sort: cluster.equalPods(pod), policy, rejectedBy, verdict }
}

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
  queue.park('a', 0, parking('web'))
  assert.equal(queue.pop(30_000), undefined)
  queue.wake()
  assert.equal(queue.pop(30_000), 'a')
  queue.park('a', 30_000, parking('web'))
  assert.equal(queue.nextAtMs, 90_000)
  assert.equal(queue.pop(90_000), 'a')
})

test('there is somebody to wake until who was parked is placed or gone, also while one is tried', () => {
  const queue = new SchedulingQueue()
  for (const uid of ['a', 'b']) queue.add(uid)
  for (const uid of ['a', 'b']) {
    assert.equal(queue.pop(0), uid)
    queue.park(uid, 0, parking('web'))
  }
  assert.ok(queue.hasParked)
  queue.wake()
  assert.equal(queue.pop(30_000), 'a')
  queue.placed('a')
  assert.ok(queue.hasParked)
  queue.remove('b')
  assert.ok(!queue.hasParked)
})

test('of pods that are alike but placed by different policies one of each is tried, and tells nothing of the others', () => {
  const queue = new SchedulingQueue()
  for (const [uid, policy] of [
    ['a', 'one'],
    ['b', 'one'],
    ['c', 'other'],
  ] as const) {
    queue.add(uid)
    queue.pop(0)
    queue.park(uid, 0, parking('web', 'full', policy))
  }
  queue.wake(['NodeResourcesFit'])
  assert.deepEqual([queue.pop(30_000), queue.pop(30_000), queue.pop(30_000)], ['a', 'c', undefined])
  queue.park('a', 30_000, parking('web', 'otherwise full', 'one'))
  queue.park('c', 30_000, parking('web', 'full', 'other'))
  assert.deepEqual([queue.pop(40_000), queue.pop(40_000)], ['b', undefined])
})

test('a pod for which nobody makes room is tried ever more rarely, but as soon as something may help', () => {
  const queue = new SchedulingQueue()
  queue.add('a')
  let now = 0
  const rests: number[] = []
  for (let attempt = 0; attempt < 10; attempt += 1) {
    assert.equal(queue.pop(now), 'a')
    queue.park('a', now, parking('web'))
    queue.tryRarely('a', now)
    rests.push((queue.nextAtMs ?? 0) - now)
    now = queue.nextAtMs ?? 0
  }
  assert.deepEqual(rests.slice(5), [32_000, 64_000, 128_000, 256_000, 300_000])
  assert.equal(queue.pop(now), 'a')
  queue.park('a', now, parking('web'))
  queue.tryRarely('a', now)
  queue.wake()
  assert.equal(queue.pop(now + 10_000), 'a')
  queue.tryRarely('a', now + 10_000)
  assert.equal(queue.nextAtMs, now + 20_000)
  queue.tryRarely('b', now)
})

test('who is to be tried again rests first, as after any attempt', () => {
  const queue = new SchedulingQueue()
  queue.add('a')
  queue.pop(0)
  queue.park('a', 0, parking('web'))
  queue.again('a')
  assert.deepEqual([queue.pop(999), queue.pop(1000)], [undefined, 'a'])
  // Its turn came and was not taken: by now it has rested.
  queue.park('a', 1000, parking('web'))
  queue.wake()
  assert.equal(queue.pop(10_000), 'a')
  queue.again('a')
  assert.equal(queue.pop(10_000), 'a')
  queue.again('b')
  assert.equal(queue.nextAtMs, undefined)
})

test('a pod whose claims nobody binds rests up to five minutes, whatever happens meanwhile', () => {
  const queue = new SchedulingQueue()
  queue.add('a')
  let now = 0
  for (let attempt = 0; attempt < 12; attempt += 1) {
    assert.equal(queue.pop(now), 'a')
    queue.restLong('a', now)
    queue.wake()
    now = queue.nextAtMs ?? 0
  }
  assert.equal(queue.pop(now), 'a')
  queue.restLong('a', now)
  assert.equal(queue.nextAtMs, now + 300_000)
})

test('what a pod rested for five minutes for has come: it rests no longer than after any attempt', () => {
  const queue = new SchedulingQueue()
  queue.add('a')
  let now = 0
  for (let attempt = 0; attempt < 8; attempt += 1) {
    assert.equal(queue.pop(now), 'a')
    queue.restLong('a', now)
    now = queue.nextAtMs ?? 0
  }
  assert.equal(queue.pop(now), 'a')
  queue.restLong('a', now)
  queue.again('a')
  queue.again('a')
  assert.equal(queue.nextAtMs, now + 10_000)
  assert.deepEqual([queue.pop(now + 10_000), queue.pop(now + 300_000)], ['a', undefined])
})

test('what may help does not shorten the rest', () => {
  const queue = new SchedulingQueue()
  queue.add('a')
  queue.pop(0)
  queue.park('a', 0, parking('web'))
  queue.wake()
  assert.equal(queue.pop(500), undefined)
  assert.equal(queue.pop(1000), 'a')
})

test('a removed pod is forgotten wherever it waits', () => {
  const queue = new SchedulingQueue()
  for (const uid of ['a', 'b', 'c']) queue.add(uid)
  queue.pop(0)
  queue.park('a', 0, parking('web'))
  queue.pop(0)
  queue.backOff('b', 0)
  for (const uid of ['a', 'b', 'c']) queue.remove(uid)
  assert.equal(queue.nextAtMs, undefined)
})

test('the more important pod is tried first', () => {
  const queue = new SchedulingQueue()
  queue.add('low', 1)
  queue.add('high', 10)
  assert.deepEqual([queue.pop(0), queue.pop(0)], ['high', 'low'])
})

/** A queue in which these pods of one sort are parked. */
function parked(...uids: string[]): SchedulingQueue {
  const queue = new SchedulingQueue()
  for (const uid of uids) queue.add(uid)
  for (const uid of uids) {
    assert.equal(queue.pop(0), uid)
    queue.park(uid, 0, parking('web'))
  }
  return queue
}

test('what helps others wakes nobody', () => {
  const queue = parked('a')
  queue.wake(['NodePorts'])
  queue.wake(['NodeResourcesFit'], () => false)
  assert.equal(queue.pop(10_000), undefined)
  queue.wake(['NodePorts', 'NodeResourcesFit'])
  assert.equal(queue.pop(10_000), 'a')
})

test('one of a sort is tried for all; the next follows only if a node was found', () => {
  const queue = parked('a', 'b', 'c')
  queue.wake()
  assert.deepEqual([queue.pop(10_000), queue.pop(10_000)], ['a', undefined])
  queue.placed('a')
  queue.remove('a')
  assert.deepEqual([queue.pop(10_000), queue.pop(10_000)], ['b', undefined])
  queue.park('b', 10_000, parking('web'))
  assert.equal(queue.pop(30_000), undefined)
})

test('what happens while one is tried for all is not missed', () => {
  const queue = parked('a', 'b')
  queue.wake()
  assert.equal(queue.pop(10_000), 'a')
  queue.wake()
  queue.park('a', 10_000, parking('web'))
  assert.ok(queue.pop(20_000))
})

test('what happens while one is tried for all is not missed, if another verdict comes of it either', () => {
  const queue = parked('a')
  queue.wake()
  assert.equal(queue.pop(10_000), 'a')
  queue.wake()
  queue.park('a', 10_000, parking('web', 'Too many pods'))
  assert.equal(queue.pop(20_000), 'a')
  queue.park('a', 20_000, parking('web', 'Too many pods'))
  queue.wake()
  assert.equal(queue.pop(40_000), 'a')
})

test('another verdict about one is news for all of its sort', () => {
  const queue = parked('a', 'b', 'c')
  queue.wake()
  assert.equal(queue.pop(10_000), 'a')
  queue.park('a', 10_000, parking('web', 'Too many pods'))
  assert.deepEqual([queue.pop(20_000), queue.pop(20_000), queue.pop(20_000)], ['b', 'c', undefined])
})

test('ten thousand pods are tried by their priorities', () => {
  const queue = new SchedulingQueue()
  for (let pod = 0; pod < 10_000; pod += 1) queue.add(`${pod}`, pod % 7)
  const order = Array.from({ length: 10_000 }, () => Number(queue.pop(0)) % 7)
  assert.deepEqual(
    order,
    order.toSorted((a, b) => b - a),
  )
  assert.deepEqual(queue.counts, { active: 0, backoff: 0, unschedulable: 0 })
})
