import assert from 'node:assert/strict'
import { test } from 'node:test'
import { afterProbe, type ProbeCount } from './probe-count.ts'

const after = (passes: boolean, answers: readonly boolean[], probe = {}): boolean =>
  answers.reduce<ProbeCount>((count, isSuccess) => afterProbe(count, isSuccess, probe), {
    successes: 0,
    failures: 0,
    passes,
  }).passes

test('one success is enough, unless the probe asks for more in a row', () => {
  assert.equal(after(false, [true]), true)
  assert.equal(after(false, [true], { successThreshold: 2 }), false)
  assert.equal(after(false, [true, false, true], { successThreshold: 2 }), false)
  assert.equal(after(false, [true, true], { successThreshold: 2 }), true)
})

test('three failures in a row are a failure, unless the probe says otherwise', () => {
  assert.equal(after(true, [false, false]), true)
  assert.equal(after(true, [false, false, true, false]), true)
  assert.equal(after(true, [false, false, false]), false)
  assert.equal(after(true, [false], { failureThreshold: 1 }), false)
})
