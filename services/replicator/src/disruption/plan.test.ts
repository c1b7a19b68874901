import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Pod, PodDisruptionBudget } from '@reckon/kubernetes'
import { budgetStatus, failedStatus } from './plan.ts'

const nowMs = Date.parse('2026-01-01T00:10:00Z')
const at = (ms: number) => `${new Date(nowMs + ms).toISOString().slice(0, 19)}Z`

const pod = (name: string, ready = 'True', metadata: object = {}): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'shop', ...metadata },
  spec: { containers: [] },
  status: { conditions: [{ type: 'Ready', status: ready }] },
})
const budget = (
  spec: PodDisruptionBudget['spec'],
  status?: PodDisruptionBudget['status'],
): PodDisruptionBudget => ({
  apiVersion: 'policy/v1',
  kind: 'PodDisruptionBudget',
  metadata: { name: 'web', namespace: 'shop', generation: 3 },
  spec,
  ...(status && { status }),
})
const fivePods = ['a', 'b', 'c', 'd', 'e'].map((name) => pod(name))
const statusOf = (of: PodDisruptionBudget, pods: readonly Pod[], replicas?: number) =>
  budgetStatus(of, pods, {
    scaleOf: () => (replicas === undefined ? undefined : { uid: 'set', replicas }),
    nowMs,
  })
const numbers = (...given: Parameters<typeof statusOf>) => {
  const { status } = statusOf(...given)
  const { expectedPods, currentHealthy, desiredHealthy, disruptionsAllowed } = status
  return [expectedPods, currentHealthy, desiredHealthy, disruptionsAllowed]
}

test('so many pods may be missing as the budget and their number allow', () => {
  assert.deepEqual(numbers(budget({ minAvailable: 3 }), fivePods, 5), [5, 5, 3, 2])
  assert.deepEqual(numbers(budget({ minAvailable: '50%' }), fivePods, 5), [5, 5, 3, 2])
  assert.deepEqual(numbers(budget({ maxUnavailable: 1 }), fivePods, 5), [5, 5, 4, 1])
  assert.deepEqual(numbers(budget({ maxUnavailable: '30%' }), fivePods, 5), [5, 5, 3, 2])
  assert.deepEqual(numbers(budget({ maxUnavailable: 9 }), fivePods, 5), [5, 5, 0, 5])
  assert.deepEqual(numbers(budget({ maxUnavailable: 1 }), fivePods, 6), [6, 5, 5, 0])
  assert.deepEqual(numbers(budget({ maxUnavailable: 1 }), fivePods), [0, 5, 0, 0])
  assert.deepEqual(numbers(budget({ minAvailable: 1 }), []), [0, 0, 1, 0])
})

test('a pod that is not ready, goes or was evicted just now is not healthy', () => {
  const pods = [pod('a'), pod('b', 'False'), pod('c', 'True', { deletionTimestamp: at(0) })]
  assert.deepEqual(numbers(budget({ minAvailable: 1 }), pods), [3, 1, 1, 0])
  const { status } = statusOf(budget({ minAvailable: 1 }), fivePods)
  const evicted = { ...status, disruptedPods: { a: at(-10_000), gone: at(0), b: at(-120_000) } }
  const after = statusOf(budget({ minAvailable: 1 }, evicted), fivePods)
  assert.deepEqual(after.status.disruptedPods, { a: at(-10_000) })
  assert.equal(after.status.currentHealthy, 4)
  assert.equal(after.againAtMs, nowMs + 110_000)
})

test('the condition says whether anything may be missing, since when, and of which version', () => {
  const first = statusOf(budget({ minAvailable: 1 }), fivePods).status
  assert.deepEqual(first.conditions, [
    {
      type: 'DisruptionAllowed',
      status: 'True',
      reason: 'SufficientPods',
      message: '',
      lastTransitionTime: at(0),
      observedGeneration: 3,
    },
  ])
  const before = first.conditions?.map((each) => ({ ...each, lastTransitionTime: at(-60_000) }))
  const known = { ...first, conditions: before ?? [] }
  const again = statusOf(budget({ minAvailable: 1 }, known), fivePods).status
  assert.deepEqual(again, known)
  const none = statusOf(budget({ minAvailable: 5 }, known), fivePods).status
  const [{ reason, lastTransitionTime } = assert.fail()] = none.conditions ?? []
  assert.deepEqual([reason, lastTransitionTime], ['InsufficientPods', at(0)])
})

test('of a budget that cannot be computed nothing is allowed', () => {
  const { status } = statusOf(budget({ minAvailable: 1 }), fivePods)
  const failed = failedStatus(budget({ minAvailable: 1 }, status), 'why', nowMs)
  assert.equal(failed.disruptionsAllowed, 0)
  assert.equal(failed.currentHealthy, 5)
  const [{ reason, message } = assert.fail()] = failed.conditions ?? []
  assert.deepEqual([reason, message], ['SyncFailed', 'why'])
})
