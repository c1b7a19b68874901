import assert from 'node:assert/strict'
import { test } from 'node:test'
import { conditionOf, hasCondition, isReady } from '../conditions.ts'
import type { Pod } from '../object.ts'
import { graceSecondsOf, isFinished } from './pod-end.ts'

const pod = (metadata: object, spec: object) =>
  ({ metadata: { name: 'web', ...metadata }, spec: { containers: [], ...spec } }) as unknown as Pod

test('a pod is finished when it has succeeded or failed', () => {
  const phases = [undefined, 'Pending', 'Running', 'Unknown', 'Succeeded', 'Failed']
  const finished = phases.filter((phase) => isFinished(phase === undefined ? {} : { phase }))
  assert.deepEqual(finished, ['Succeeded', 'Failed'])
  assert.equal(isFinished(undefined), false)
})

test("a pod's grace is its deletion's, else its own, else 30 s", () => {
  const deletion = { deletionGracePeriodSeconds: 0 }
  assert.equal(graceSecondsOf(pod(deletion, { terminationGracePeriodSeconds: 5 })), 0)
  assert.equal(graceSecondsOf(pod({}, { terminationGracePeriodSeconds: 5 })), 5)
  assert.equal(graceSecondsOf(pod({}, {})), 30)
})

test('a condition holds only where it is True', () => {
  const conditions = (status: string) => ({ conditions: [{ type: 'Ready', status }] })
  assert.equal(isReady(conditions('True')), true)
  for (const status of ['False', 'Unknown']) assert.equal(isReady(conditions(status)), false)
  assert.equal(hasCondition({ conditions: [] }, 'Ready'), false)
  assert.equal(isReady(undefined), false)
  assert.equal(conditionOf(conditions('False'), 'Ready')?.status, 'False')
})
