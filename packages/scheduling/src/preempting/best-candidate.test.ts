import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pod } from '../plugins/scenario.fixture.ts'
import { EqualPods } from '../state/equal-pods.ts'
import { type PlacedPod, placedAt } from '../state/placed-pod.ts'
import { traitsOf } from '../state/pod-traits.ts'
import { bestCandidate } from './best-candidate.ts'
import { byImportance } from './importance.ts'
import { victimsCost } from './victims-cost.ts'

const victim = (priority: number, startedAt?: string): PlacedPod => {
  const made = pod({ priority })
  return { ...placedAt(0, made, new EqualPods(made.metadata.name, traitsOf(made, ''))), startedAt }
}
const at = (slot: number, victims: readonly PlacedPod[], violations = 0) => ({
  ...{ slot, victims, cost: victimsCost(victims, violations) },
})
const best = (...candidates: Parameters<typeof bestCandidate>[0]) => bestCandidate(candidates)?.slot

test('where there is none, none is the best', () => assert.equal(best(), undefined))

test('fewest violated budgets come before all else', () => {
  assert.equal(best(at(1, [victim(0)], 1), at(2, [victim(9), victim(9)], 0)), 2)
})

test('then the lowest of the highest priorities', () => {
  assert.equal(best(at(1, [victim(9)]), at(2, [victim(5), victim(5), victim(5)])), 2)
  assert.equal(best(at(1, [victim(-9)]), at(2, [])), 1, 'nobody counts as priority 0')
})

test('then the smallest sum of priorities, in which negative ones count, too', () => {
  assert.equal(best(at(1, [victim(5), victim(4)]), at(2, [victim(5), victim(3)])), 2)
  assert.equal(best(at(1, [victim(5), victim(-4)]), at(2, [victim(5)])), 2)
})

test('then the latest start of the most important one; one that has not started is younger than all', () => {
  const [early, late] = ['2026-01-01T00:00:00Z', '2026-01-02T00:00:00Z']
  assert.equal(best(at(1, [victim(5, early)]), at(2, [victim(5, late)])), 2)
  assert.equal(best(at(1, [victim(5, late)]), at(2, [victim(5, early)])), 1)
  assert.equal(best(at(1, [victim(5, late)]), at(2, [victim(5)])), 2)
})

test('of equal ones the first', () => {
  assert.equal(best(at(1, [victim(5)]), at(2, [victim(5)])), 1)
})

test('the more important is who has the higher priority, then who has run longer, then whose name comes first', () => {
  const [early, late] = ['2026-01-01T00:00:00Z', '2026-01-02T00:00:00Z']
  const ordered = [victim(9, late), victim(5, early), victim(5, late), victim(5)]
  assert.deepEqual(ordered.toReversed().toSorted(byImportance), ordered)
  assert.deepEqual(ordered.toSorted(byImportance), ordered)
  const [a, b] = ['a', 'b'].map((name) => ({ ...victim(1), name }))
  assert.ok(a && b)
  assert.deepEqual([b, a].toSorted(byImportance), [a, b])
  assert.deepEqual([a, b].toSorted(byImportance), [a, b])
})
