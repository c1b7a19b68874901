import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pod } from '../plugins/scenario.fixture.ts'
import { EqualPods } from '../state/equal-pods.ts'
import { type PlacedPod, placedAt } from '../state/placed-pod.ts'
import { traitsOf } from '../state/pod-traits.ts'
import type { Unplaced } from './unplaced.ts'
import { victimsAt } from './victims.ts'

const named = (name: string, priority: number): PlacedPod => {
  const made = pod({ priority })
  return { ...placedAt(0, made, new EqualPods(name, traitsOf(made, ''))), name, uid: name }
}
const [a, b, c, peer] = [named('a', 9), named('b', 5), named('c', 5), named('peer', 10)]

/** Who has to leave a node of these pods, on which so many of them may stay beside a pod of priority 10. */
function victims(staying: number, { isProtected = [] as readonly PlacedPod[] } = {}) {
  const away = new Set<PlacedPod>()
  const pods = [peer, c, b, a]
  let disposed = 0
  const trial = {
    leave: (each: PlacedPod) => void away.add(each),
    stay: (each: PlacedPod) => void away.delete(each),
    get rejection() {
      const isFull = pods.length - away.size > staying
      return isFull ? { reasons: ['full'], isLasting: false } : undefined
    },
    [Symbol.dispose]: () => {
      disposed += 1
    },
  }
  const unplaced = {
    cluster: { pods: { at: () => [...pods] }, budgets: { protecting: () => new Set(isProtected) } },
    traits: { priority: 10 },
    trialAt: () => trial,
  } as unknown as Unplaced
  const found = victimsAt(0, unplaced)
  assert.equal(disposed, 1)
  if ('reasons' in found) return found.reasons
  return [found.cost.violations, ...found.victims.map(({ name }) => name)]
}

test('as few leave as can be, the least important ones', () => {
  assert.deepEqual(victims(4), [0])
  assert.deepEqual(victims(3), [0, 'c'])
  assert.deepEqual(victims(2), [0, 'b', 'c'])
  assert.deepEqual(victims(1), [0, 'a', 'b', 'c'])
})

test('who has the same priority stays: where that is not enough there is nobody to send away', () => {
  assert.deepEqual(victims(0), ['full'])
})

test('whom a budget protects stays before the more important, and is counted where he has to go', () => {
  assert.deepEqual(victims(2, { isProtected: [c] }), [0, 'a', 'b'])
  assert.deepEqual(victims(1, { isProtected: [c] }), [1, 'a', 'b', 'c'])
  assert.deepEqual(victims(2, { isProtected: [b, c] }), [1, 'a', 'c'])
})
