import assert from 'node:assert/strict'
import { test } from 'node:test'
import { priorityBounds, replicasBounds, workloadNumberFrom } from './workload-number.ts'

const web = { kind: 'Deployment', namespace: 'default', name: 'web' }

test('a number stands behind what is to have it', () => {
  const from = (text: string) => workloadNumberFrom(text, 'default', priorityBounds)
  assert.deepEqual(from('deploy/web=10'), { of: web, number: 10 })
  assert.deepEqual(from('deployment/web=-10'), { of: web, number: -10 })
})

test('what is none is refused, and what is too small or too large, saying what may be', () => {
  const from = (text: string) => workloadNumberFrom(text, 'default', replicasBounds)
  for (const text of ['deployment/web', 'deployment/web=', 'deployment/web=1e9', '=3', '']) {
    assert.throws(() => from(text), /^Error: --scale: ".*" should be as in deployment\/web=10$/)
  }
  for (const text of ['deployment/web=-1', 'deployment/web=150001']) {
    assert.throws(() => from(text), /--scale: -?\d+ is not between 0 and 150000/)
  }
  assert.deepEqual(from('deployment/web=0').number, 0)
  assert.deepEqual(from('deployment/web=150000').number, 150_000)
  assert.throws(() => from('svc/web=3'), /"svc\/web" names no pods/)
})
