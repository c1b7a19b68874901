import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Evidence, plan } from './plan.ts'

const evidence = (of: Partial<Evidence>): Evidence => ({
  reservedAt: 100n,
  isNeeded: false,
  isAnothers: false,
  endsAt: undefined,
  isInUse: false,
  ...of,
})
const step = (of: Partial<Evidence>, nowMs = 0) =>
  plan(evidence(of), { unfinishedSinceMs: 0, nowMs }).type

test('what its object has stays, for ever', () => {
  assert.equal(step({ isNeeded: true, endsAt: 200n }, 1e9), 'Keep')
})

test('what its object gave up, or took into its end, is released at once', () => {
  assert.equal(step({ endsAt: 101n }), 'Release')
})

test('what is still in use is not released, though its object is gone', () => {
  assert.equal(step({ endsAt: 101n, isInUse: true }, 1e9), 'Wait')
})

test('what was reserved for an object whose name another has is released at once', () => {
  assert.equal(step({ isAnothers: true, endsAt: 50n }), 'Release')
})

test('what may still get its object is waited for, then given up before it is released', () => {
  for (const endsAt of [undefined, 99n]) {
    assert.deepEqual(plan(evidence({ endsAt }), { unfinishedSinceMs: 5, nowMs: 60_004 }), {
      type: 'Wait',
      untilMs: 60_005,
    })
    assert.equal(step({ endsAt }, 60_000), 'AbandonAndRelease')
  }
})
