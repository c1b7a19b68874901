import assert from 'node:assert/strict'
import { test } from 'node:test'
import { shareOf, ticksOf, timeAt, zoomed } from './time-scale.ts'

const hour = { fromMs: 0, toMs: 3_600_000 }

test('a time comes back from where it is drawn', () => {
  for (let share = 0; share <= 1; share += 0.01) {
    assert.ok(Math.abs(shareOf(hour, timeAt(hour, share)) - share) < 1e-9)
  }
})

test('what is under the pointer stays there when it zooms', () => {
  for (const share of [0, 0.25, 0.9, 1]) {
    const near = zoomed(hour, share, 0.5)
    assert.equal(near.toMs - near.fromMs, 1_800_000)
    assert.ok(Math.abs(timeAt(near, share) - timeAt(hour, share)) < 1e-6)
  }
})

test('ticks are round by the clock that they are told by', () => {
  assert.deepEqual(
    ticksOf(hour, 6),
    [0, 600_000, 1_200_000, 1_800_000, 2_400_000, 3_000_000, 3_600_000],
  )
  const [first] = ticksOf({ fromMs: 1, toMs: 86_400_000 }, 4, 1_800_000)
  assert.equal(((first ?? 0) + 1_800_000) % (6 * 3_600_000), 0)
  assert.ok(ticksOf({ fromMs: 0, toMs: 1e14 }, 8).length <= 9)
})
