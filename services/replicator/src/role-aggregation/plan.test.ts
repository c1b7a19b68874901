import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ClusterRole, PolicyRule } from '@reckon/kubernetes'
import { plan } from './plan.ts'

const ruleFor = (resource: string): PolicyRule => ({
  apiGroups: [''],
  resources: [resource],
  verbs: ['get'],
})
const role = (name: string, fields: Partial<ClusterRole>, labels = {}): ClusterRole => ({
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'ClusterRole',
  metadata: { name, labels },
  ...fields,
})
const toView = { 'rbac.example.com/to-view': 'true' }
const aggregationRule = { clusterRoleSelectors: [{ matchLabels: toView }] }
const b = role('b', { rules: [ruleFor('pods'), ruleFor('nodes')] }, toView)
const a = role('a', { rules: [ruleFor('nodes')] }, toView)
const other = role('other', { rules: [ruleFor('secrets')] })

test('an aggregated role has each rule once of what it selects, in the order of their names', () => {
  const view = role('view', { aggregationRule }, toView)
  const rules = [ruleFor('nodes'), ruleFor('pods')]
  assert.deepEqual(plan(view, [b, a, other, view]), { ...view, rules })
  assert.equal(plan({ ...view, rules }, [b, a, other, view]), undefined)
})

test('what is selected no longer is no longer in it', () => {
  const view = role('view', { aggregationRule, rules: [ruleFor('nodes')] })
  assert.deepEqual(plan(view, [other])?.rules, [])
})
