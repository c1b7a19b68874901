import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Pod, PodDisruptionBudget } from '@reckon/kubernetes'
import { isUncounted, spentBudget } from './spent-budget.ts'

const pod = (ready: string): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'web-1', namespace: 'shop' },
  spec: { containers: [] },
  status: { phase: 'Running', conditions: [{ type: 'Ready', status: ready }] },
})
const status = {
  observedGeneration: 1,
  disruptionsAllowed: 1,
  currentHealthy: 3,
  desiredHealthy: 2,
  expectedPods: 3,
}
const budget = (
  given: Partial<typeof status> = {},
  spec: PodDisruptionBudget['spec'] = {},
): PodDisruptionBudget => ({
  apiVersion: 'policy/v1',
  kind: 'PodDisruptionBudget',
  metadata: { name: 'web', namespace: 'shop', generation: 1 },
  spec,
  status: { ...status, ...given },
})
const spend = (of: PodDisruptionBudget) => spentBudget(of, pod('True'), 0)
const refusal = (message: string, details: object = {}) => ({
  reason: 'TooManyRequests',
  message: "Cannot evict pod as it would violate the pod's disruption budget.",
  details: { causes: [{ reason: 'DisruptionBudget', message }], ...details },
})

test('an eviction takes one from what the budget allows, and names its pod', () => {
  assert.deepEqual(spend(budget()).status, {
    ...status,
    disruptionsAllowed: 0,
    disruptedPods: { 'web-1': '1970-01-01T00:00:00Z' },
  })
})

test('where nothing is allowed, or that is not known yet, an eviction is refused', () => {
  const needs = 'The disruption budget web needs 2 healthy pods and has 2 currently'
  assert.throws(() => spend(budget({ disruptionsAllowed: 0, currentHealthy: 2 })), refusal(needs))
  const wait = 'The disruption budget web is still being processed by the server.'
  assert.throws(
    () => spend(budget({ observedGeneration: 0 })),
    refusal(wait, { retryAfterSeconds: 10 }),
  )
})

test('a pod that is not ready costs nothing while the healthy ones suffice, or if the budget says so', () => {
  assert.equal(isUncounted(budget(), pod('True')), false)
  assert.equal(isUncounted(budget(), pod('False')), true)
  assert.equal(isUncounted(budget({ currentHealthy: 1 }), pod('False')), false)
  assert.equal(isUncounted(budget({ desiredHealthy: 0 }), pod('False')), false)
  const always = { unhealthyPodEvictionPolicy: 'AlwaysAllow' }
  assert.equal(isUncounted(budget({ currentHealthy: 1 }, always), pod('False')), true)
})
