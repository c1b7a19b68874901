import assert from 'node:assert/strict'
import { test } from 'node:test'
import { PodCounter } from '../state/pod-counter.ts'
import { FollowedCounter } from './followed-counter.ts'

/** A counter that is followed, and what its follower hears at each look. */
function followed() {
  const counter = new PodCounter('all')
  const follower = new FollowedCounter(counter)
  const look = () => {
    const slots: number[] = []
    return { isFollowed: follower.eachChange((slot) => slots.push(slot)), slots }
  }
  return { counter, look }
}

test('the first look is at everything, the next ones at what changed since', () => {
  const { counter, look } = followed()
  counter.add(1, 1)
  assert.deepEqual(look(), { isFollowed: false, slots: [] })
  assert.deepEqual(look(), { isFollowed: true, slots: [] })
  counter.add(2, 1)
  counter.add(1, -1)
  assert.deepEqual(look(), { isFollowed: true, slots: [2, 1] })
  assert.deepEqual([...counter.counts.keys()], [2])
})

test('who looks too late looks at everything', () => {
  const { counter, look } = followed()
  look()
  for (let n = 0; n < 257; n++) counter.add(n, 1)
  assert.deepEqual(look(), { isFollowed: false, slots: [] })
})

test('a follower of a counter that nothing was counted in has seen all of it', () => {
  const { counter, look } = followed()
  look()
  counter.add(5, 1)
  assert.deepEqual(look(), { isFollowed: true, slots: [5] })
})
