import assert from 'node:assert/strict'
import { test } from 'node:test'
import { RecentEvents } from './recent-events.ts'

const event = (position: number, bytes = 1) => ({
  position,
  revision: 0,
  created: 0,
  type: 't',
  stream: 's',
  message: Buffer.alloc(bytes),
})

const positionsFrom = (recent: RecentEvents, position: number) =>
  recent.from(position)?.map((each) => each.position)

test('the newest events are at hand, and none of them is passed over', () => {
  const recent = new RecentEvents()
  assert.equal(recent.from(1), undefined)
  for (let position = 1; position <= 1000; position++) recent.add(event(position))
  assert.equal(recent.from(488), undefined)
  assert.deepEqual(positionsFrom(recent, 999), [999, 1000])
  assert.equal(recent.from(489)?.length, 512)
  assert.deepEqual(recent.from(1001), [])
})

test('what is large leaves room for less, and what is removed is at hand no longer', () => {
  const recent = new RecentEvents()
  for (let position = 1; position <= 5; position++) recent.add(event(position, 300 << 10))
  assert.equal(recent.from(2), undefined)
  assert.deepEqual(positionsFrom(recent, 3), [3, 4, 5])
  recent.add(event(6, 2 << 20))
  assert.equal(recent.from(6), undefined)
  recent.add(event(7))
  recent.clear()
  assert.equal(recent.from(7), undefined)
})
