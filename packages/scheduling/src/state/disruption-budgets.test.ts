import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { PodDisruptionBudget } from '@reckon/kubernetes'
import { pod } from '../plugins/scenario.fixture.ts'
import { DisruptionBudgets } from './disruption-budgets.ts'
import { EqualPods } from './equal-pods.ts'
import { type PlacedPod, placedAt } from './placed-pod.ts'
import { traitsOf } from './pod-traits.ts'

const labels = { app: 'web' }
const healthy = { currentHealthy: 1, desiredHealthy: 1, expectedPods: 1 }
const budget = (
  disruptionsAllowed: number,
  {
    name = 'few',
    namespace = 'default',
    matchLabels = labels as Record<string, string>,
    disruptedPods = {},
  } = {},
): PodDisruptionBudget => ({
  apiVersion: 'policy/v1',
  kind: 'PodDisruptionBudget',
  metadata: { name, namespace },
  spec: { selector: { matchLabels } },
  status: { ...healthy, disruptionsAllowed, disruptedPods },
})
const placed = (options: Parameters<typeof pod>[0] = { labels }): PlacedPod => {
  const made = pod(options)
  return placedAt(0, made, new EqualPods(made.metadata.name, traitsOf(made, '')))
}
const protectedBy = (budgets: readonly PodDisruptionBudget[], pods: readonly PlacedPod[]) => {
  const all = new DisruptionBudgets()
  for (const each of budgets) all.set(each)
  const found = all.protecting(pods)
  return pods.map((each) => found.has(each))
}

test('a budget lets as many go as it allows, in their order, and protects the others', () => {
  const three = [placed(), placed(), placed()]
  assert.deepEqual(protectedBy([budget(2)], three), [false, false, true])
  assert.deepEqual(protectedBy([budget(0)], three), [true, true, true])
  assert.deepEqual(protectedBy([], three), [false, false, false])
})

test('a budget that says nothing of itself yet allows nothing', () => {
  const { status: _, ...silent } = budget(5)
  assert.deepEqual(protectedBy([silent], [placed()]), [true])
})

test('each budget that selects a pod counts it, and one that is violated is enough', () => {
  const budgets = [budget(5), budget(1, { name: 'one' })]
  assert.deepEqual(protectedBy(budgets, [placed(), placed()]), [false, true])
  assert.deepEqual(protectedBy(budgets.toReversed(), [placed(), placed()]), [false, true])
})

test('it counts no pods of other namespaces, of other labels or without any, none that is accounted for', () => {
  const others = [
    placed({ labels, namespace: 'other' }),
    placed({ labels: { app: 'db' } }),
    placed({}),
    placed(),
  ]
  const disruptedPods = { [others[3]?.name ?? '']: '2026-01-01T00:00:00Z' }
  assert.deepEqual(protectedBy([budget(0, { disruptedPods })], others), [
    false,
    false,
    false,
    false,
  ])
})

test('a pod without labels is in no budget, though its selector would hold for it', () => {
  const few = budget(0)
  const matchExpressions = [{ key: 'any', operator: 'DoesNotExist' }]
  const selecting = { ...few, spec: { ...few.spec, selector: { matchExpressions } } }
  assert.deepEqual(protectedBy([selecting], [placed({}), placed()]), [false, true])
})

test('a budget that selects everything selects nothing', () => {
  assert.deepEqual(protectedBy([budget(0, { matchLabels: {} })], [placed()]), [false])
})

test('its version is another one where a budget says something else, comes or goes', () => {
  const budgets = new DisruptionBudgets()
  const versions = [budgets.version]
  const after = (change: () => void) => {
    change()
    versions.push(budgets.version)
  }
  after(() => budgets.set(budget(1)))
  after(() => budgets.set(budget(1)))
  after(() => budgets.set(budget(2)))
  after(() => budgets.remove('default', 'none'))
  after(() => budgets.remove('default', 'few'))
  assert.deepEqual(versions, [0, 1, 1, 2, 2, 3])
  assert.equal(budgets.protecting([placed()]).size, 0)
})
