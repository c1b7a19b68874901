import assert from 'node:assert/strict'
import { test } from 'node:test'
import { reasonSet } from './reason-set.ts'

test('why nobody leaves for the pod is among them', () => {
  const fit = '0/3 nodes are available: 3 Insufficient cpu.'
  const nobody = (count: number) =>
    `${fit} preemption: 0/3 nodes are available: ${count} No preemption victims found for incoming pod.`
  assert.equal(reasonSet(nobody(1)), reasonSet(nobody(3)))
  assert.notEqual(reasonSet(nobody(3)), reasonSet(fit))
  const never = `${fit} preemption: not eligible due to preemptionPolicy=Never.`
  assert.notEqual(reasonSet(never), reasonSet(nobody(3)))
})

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
