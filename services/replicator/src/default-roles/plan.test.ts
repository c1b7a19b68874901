import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type DefaultRole, defaultRoles } from '@reckon/kubernetes'
import { plan } from './plan.ts'

const named = (name: string, isBinding = false): DefaultRole => {
  const found = defaultRoles.find(
    (role) => role.metadata.name === name && isBinding === (role.roleRef !== undefined),
  )
  assert.ok(found)
  return found
}
const role = named('system:aggregate-to-view')
const binding = named('system:discovery', true)

test('a default role that is missing is made, one that is whole is left alone', () => {
  assert.deepEqual(plan(undefined, role), [{ type: 'CreateRole', role }])
  assert.deepEqual(plan(role, role), [])
  assert.deepEqual(plan(binding, binding), [])
})

test('a role that may more stays so, one that may less gets its rules back', () => {
  const more = { ...role, rules: [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }] }
  assert.deepEqual(plan(more, role), [])
  const current = { ...role, rules: role.rules?.slice(1) ?? [] }
  const wanted = { ...role, rules: [...current.rules, ...(role.rules ?? [])] }
  assert.deepEqual(plan(current, role), [{ type: 'ChangeRole', current, wanted }])
})

test('a binding gets its subjects back and keeps others', () => {
  const mine = { apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'ada' }
  const current = { ...binding, subjects: [mine] }
  const wanted = { ...binding, subjects: [mine, ...(binding.subjects ?? [])] }
  assert.deepEqual(plan(current, binding), [{ type: 'ChangeRole', current, wanted }])
})

test('what shall not be updated stays as it is', () => {
  const annotations = { 'rbac.authorization.kubernetes.io/autoupdate': 'false' }
  const kept = { ...role, rules: [], metadata: { ...role.metadata, annotations } }
  assert.deepEqual(plan(kept, role), [])
})

test('what an aggregated role may do is not the default roles’ to say', () => {
  const view = named('view')
  assert.deepEqual(plan({ ...view, rules: role.rules ?? [] }, view), [])
})
