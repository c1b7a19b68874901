import assert from 'node:assert/strict'
import { test } from 'node:test'
import { WorkQueue } from './work-queue.ts'

const cause = (id: string) => ({ id, correlationId: id })

test('a key waits once, for the first intent and the newest trigger', () => {
  const queue = new WorkQueue()
  queue.add('a', { trigger: cause('1'), intent: cause('1') })
  queue.add('a', { trigger: cause('2'), intent: cause('2') })
  assert.deepEqual(queue.take(0), { key: 'a', trigger: cause('2'), intent: cause('1') })
  assert.equal(queue.take(0), undefined)
})

test('a key is never worked on twice at the same time', () => {
  const queue = new WorkQueue()
  queue.add('a', {})
  const work = queue.take(0)
  queue.add('a', {})
  assert.equal(queue.take(0), undefined)
  assert.equal(queue.nextAtMs, undefined)
  if (work) queue.done(work)
  assert.equal(queue.take(0)?.key, 'a')
})

test('what was refused rests longer each time, and keeps its reason', () => {
  const queue = new WorkQueue()
  queue.add('a', { intent: cause('1') })
  let now = 0
  const rests: number[] = []
  for (let time = 0; time < 10; time += 1) {
    const work = queue.take(now)
    assert.deepEqual(work?.intent, cause('1'))
    if (work) queue.failed(work, now)
    const next = queue.nextAtMs ?? 0
    rests.push(next - now)
    now = next
  }
  assert.deepEqual(rests.slice(0, 3), [100, 200, 400])
  assert.equal(rests.at(-1), 30_000)
})

test('done may name a later moment', () => {
  const queue = new WorkQueue()
  queue.add('a', {})
  const work = queue.take(0)
  if (work) queue.done(work, { againAtMs: 500 })
  assert.equal(queue.nextAtMs, 500)
  assert.equal(queue.take(499), undefined)
  assert.equal(queue.take(500)?.key, 'a')
})

test('a key that costs much rests, and what comes meanwhile waits', () => {
  const queue = new WorkQueue()
  queue.add('a', {})
  const work = queue.take(0)
  if (work) queue.done(work, { restUntilMs: 250 })
  assert.equal(queue.nextAtMs, undefined)
  queue.add('a', { trigger: cause('1') })
  assert.deepEqual([queue.take(249), queue.nextAtMs], [undefined, 250])
  assert.equal(queue.take(250)?.key, 'a')
})
