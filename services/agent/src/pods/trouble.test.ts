import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nextChangeMs, saidOf, type Trouble, troubleAfter } from './trouble.ts'

const image = 'tea:1'
const pull = { reason: 'ErrImagePull', message: 'not found' }
const after = (before: Trouble | undefined, nowMs: number) =>
  troubleAfter(before, pull, { image, nowMs })

test('a failed pull says so after each try, and then that it waits for the next', () => {
  let trouble: Trouble | undefined
  for (const restMs of [10_000, 20_000, 40_000, 80_000, 160_000, 300_000, 300_000]) {
    trouble = after(trouble, 1_000)
    assert.equal(trouble.retryAtMs, 1_000 + restMs)
    assert.deepEqual(saidOf(trouble, 1_000).reason, 'ErrImagePull')
    const waitsAtMs = nextChangeMs(trouble, 1_000)
    assert.ok(waitsAtMs < trouble.retryAtMs)
    assert.deepEqual(saidOf(trouble, waitsAtMs), {
      ...saidOf(trouble, waitsAtMs),
      reason: 'ImagePullBackOff',
      message: 'Back-off pulling image "tea:1": ErrImagePull: not found',
    })
    assert.equal(nextChangeMs(trouble, waitsAtMs), trouble.retryAtMs)
  }
})

test('other trouble says the same until it is tried again', () => {
  const failure = { reason: 'CreateContainerConfigError', message: 'configmap "c" not found' }
  const trouble = troubleAfter(undefined, failure, { image, nowMs: 0 })
  assert.equal(saidOf(trouble, 9_999).reason, failure.reason)
  assert.equal(nextChangeMs(trouble, 0), trouble.retryAtMs)
})
