import assert from 'node:assert/strict'
import { test } from 'node:test'
import { reasonSet } from './reason-set.ts'

test('other numbers of nodes are the same reasons', () => {
  const taint = 'node(s) had untolerated taint {team: x}'
  const before = `0/3 nodes are available: 1 ${taint}, 2 Insufficient cpu.`
  assert.equal(
    reasonSet(before),
    reasonSet(`0/9 nodes are available: 2 Insufficient cpu, 7 ${taint}.`),
  )
  assert.notEqual(reasonSet(before), reasonSet('0/3 nodes are available: 3 Insufficient cpu.'))
  assert.equal(
    reasonSet('no nodes available to schedule pods'),
    'no nodes available to schedule pods',
  )
})
