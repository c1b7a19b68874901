import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pod } from './scenario.fixture.ts'
import { schedulingGates } from './scheduling-gates.ts'

test('a pod with gates waits, and says for which', () => {
  const gated = pod({ schedulingGates: [{ name: 'quota' }, { name: 'budget' }] })
  assert.equal(schedulingGates.admit(gated), 'waiting for scheduling gates: [quota budget]')
  assert.equal(schedulingGates.admit(pod()), undefined)
  assert.equal(schedulingGates.admit(pod({ schedulingGates: [] })), undefined)
})
