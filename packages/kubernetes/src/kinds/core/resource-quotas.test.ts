import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ResourceQuota } from '../../object.ts'
import { resourceQuotas } from './resource-quotas.ts'

const quotaOf = (spec: ResourceQuota['spec'], status?: ResourceQuota['status']): ResourceQuota => ({
  ...{ apiVersion: 'v1', kind: 'ResourceQuota', metadata: { name: 'few', namespace: 'team' } },
  spec,
  ...(status && { status }),
})
const problems = (spec: ResourceQuota['spec']) =>
  resourceQuotas.validate(quotaOf(spec)).map(({ field, message }) => `${field}: ${message}`)

test('a quota bounds what quotas know, by amounts that make sense', () => {
  const hard = { pods: '1.5', cpu: '-1', foo: '1', 'count/widgets.example.com': '5' }
  assert.deepEqual(problems({ hard }), [
    'spec.hard[pods]: Invalid value: "1.5": must be an integer',
    'spec.hard[cpu]: Invalid value: "-1": must be greater than or equal to 0',
    'spec.hard[foo]: Invalid value: foo: must be a standard resource type or fully qualified',
    'spec.hard[foo]: Invalid value: foo: must be a standard resource for quota',
  ])
})

test('what is counted is told in amounts that quotas know too', () => {
  const status = { hard: { '': '1Ki' }, used: { pods: '-1' } }
  const errors = resourceQuotas.validateStatus?.(quotaOf({ hard: { pods: '1' } }, status))
  assert.deepEqual(
    errors?.map(({ field, message }) => `${field}: ${message}`),
    [
      'status.hard[]: Invalid value: "": name part must be non-empty',
      'status.used[pods]: Invalid value: "-1": must be greater than or equal to 0',
    ],
  )
})

test('scopes are known, do not contradict each other, and suit what is bounded', () => {
  assert.deepEqual(problems({ hard: { pods: '1' }, scopes: ['BestEffort', 'NotBestEffort'] }), [
    'spec.scopes: Invalid value: ["BestEffort","NotBestEffort"]: conflicting scopes',
  ])
  assert.deepEqual(problems({ hard: { services: '1' }, scopes: ['Terminating'] }), [
    'spec.scopes: Invalid value: ["Terminating"]: unsupported scope applied to resource',
  ])
  const matchExpressions = [{ scopeName: 'PriorityClass', operator: 'In' }]
  assert.deepEqual(problems({ hard: { pods: '1' }, scopeSelector: { matchExpressions } }), [
    "spec.scopeSelector.matchExpressions.values: Required value: must be at least one value when `operator` is 'In' or 'NotIn' for scope selector",
  ])
})

test('what it is about stays as it is', () => {
  const [error] = resourceQuotas.validateUpdate(
    quotaOf({ scopes: ['Terminating'] }),
    quotaOf({ scopes: ['NotTerminating'] }),
  )
  assert.equal(error?.field, 'spec.scopes')
})

test('its row tells what of each amount is used, limits apart', () => {
  const hard = { 'requests.cpu': '1', pods: '5', 'limits.cpu': '2000m' }
  const quota = quotaOf({ hard }, { hard, used: { pods: '3' } })
  assert.deepEqual(resourceQuotas.row(quota, new Date(0)).slice(0, 3), [
    'few',
    'pods: 3/5, requests.cpu: 0/1',
    'limits.cpu: 0/2',
  ])
})
