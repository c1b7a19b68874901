import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Pod } from '@reckon/kubernetes'
import { pod } from '../plugins/scenario.fixture.ts'
import { EqualPods } from './equal-pods.ts'
import { Nominations } from './nominations.ts'
import { placedAt } from './placed-pod.ts'
import { traitsOf } from './pod-traits.ts'

/** Nominations, and which pods count on which slot for them. */
function counting() {
  const counted = new Map<string, number>()
  const placed = new Set<string>()
  const nominations = new Nominations({
    put(made, slot) {
      assert.ok(!counted.has(uidOf(made)), 'it counts already')
      counted.set(uidOf(made), slot)
      return placedAt(slot, made, new EqualPods(uidOf(made), traitsOf(made, '')))
    },
    take({ uid }) {
      assert.ok(counted.delete(uid), 'it does not count')
    },
    isPlaced: (uid) => placed.has(uid),
  })
  return { nominations, counted, placed }
}

const uidOf = ({ metadata }: Pod) => metadata.uid ?? ''

test('a pod for which a node is kept counts there for those of no higher priority', () => {
  const { nominations, counted } = counting()
  const [low, high] = [pod({ priority: 5 }), pod({ priority: 10 })]
  nominations.set(low, 1)
  nominations.set(high, 2)
  assert.equal(counted.size, 0, 'nobody is asked about')
  nominations.heed('asked', 10)
  assert.deepEqual([...counted], [[uidOf(high), 2]])
  nominations.heed('asked', 5)
  assert.deepEqual(
    new Map(counted),
    new Map([
      [uidOf(high), 2],
      [uidOf(low), 1],
    ]),
  )
  nominations.heed('asked', 11)
  assert.equal(counted.size, 0)
})

test('one that does not count yet is withdrawn, and nothing is taken back', () => {
  const { nominations, counted } = counting()
  const kept = pod({ priority: 5 })
  nominations.set(kept, 1)
  assert.equal(nominations.delete(uidOf(kept)), 1)
  nominations.heed('asked', 0)
  assert.equal(counted.size, 0)
})

test('a node is kept for those alone that name it', () => {
  const { nominations } = counting()
  const [one, other] = [pod(), pod()]
  nominations.set(one, 1)
  nominations.set(other, 2)
  assert.deepEqual([nominations.at(1), nominations.at(2), nominations.at(3)], [[one], [other], []])
})

test('one that names no priority has 0', () => {
  const { nominations, counted } = counting()
  nominations.set(pod({}), 1)
  nominations.heed('asked', 1)
  assert.equal(counted.size, 0)
  nominations.heed('asked', 0)
  assert.equal(counted.size, 1)
})

test('the pod that is asked about does not count for itself, and does for the next one', () => {
  const { nominations, counted } = counting()
  const kept = pod({ priority: 5 })
  nominations.heed('asked', 0)
  nominations.set(kept, 3)
  assert.equal(counted.size, 1)
  nominations.heed(uidOf(kept), 0)
  assert.equal(counted.size, 0)
  nominations.heed('asked', 0)
  assert.deepEqual([...counted.values()], [3])
})

test('one that is placed counts by itself, and here again once it is not', () => {
  const { nominations, counted, placed } = counting()
  const kept = pod({ priority: 5 })
  nominations.heed('asked', 0)
  nominations.set(kept, 3)
  placed.add(uidOf(kept))
  nominations.recount(uidOf(kept))
  assert.equal(counted.size, 0)
  placed.clear()
  nominations.recount(uidOf(kept))
  assert.equal(counted.size, 1)
  nominations.recount('another')
  assert.equal(counted.size, 1)
})

test('another node for the same pod takes the place of the one before; without one nothing counts', () => {
  const { nominations, counted } = counting()
  const kept = pod({ priority: 5 })
  nominations.heed('asked', 0)
  nominations.set(kept, 3)
  nominations.set(kept, 4)
  assert.deepEqual([...counted.values()], [4])
  assert.deepEqual([nominations.slotOf(uidOf(kept)), nominations.slotOf('none')], [4, undefined])
  assert.deepEqual([nominations.at(4), nominations.at(3)], [[kept], []])
  assert.equal(nominations.delete(uidOf(kept)), 4)
  assert.equal(nominations.delete(uidOf(kept)), undefined)
  assert.deepEqual([counted.size, nominations.at(4)], [0, []])
})
