import assert from 'node:assert/strict'
import test from 'node:test'
import { invalidValue, required } from './field-error.ts'
import { deployments } from './kinds/apps/deployments.ts'
import { pods } from './kinds/core/pods.ts'
import { alreadyExists, conflict, invalid, notFound } from './refusals.ts'
import { isRefusal, StatusError } from './status-error.ts'

test('refusals speak in the words of Kubernetes', () => {
  assert.equal(notFound(pods, 'web').message, 'pods "web" not found')
  assert.equal(alreadyExists(deployments, 'web').message, 'deployments.apps "web" already exists')
  assert.equal(
    conflict(pods, 'web').message,
    'Operation cannot be fulfilled on pods "web": the object has been modified; please apply your changes to the latest version and try again',
  )
})

test('a refusal becomes a Status with code, reason and details', () => {
  assert.deepEqual(notFound(deployments, 'web').toStatus(), {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message: 'deployments.apps "web" not found',
    reason: 'NotFound',
    details: { name: 'web', group: 'apps', kind: 'deployments' },
    code: 404,
  })
})

test('an invalid object names its kind and every cause', () => {
  const negative = invalidValue('spec.replicas', -1, 'must be greater than or equal to 0')
  const one = invalid(deployments, 'x', [negative])
  assert.equal(
    one.message,
    'Deployment.apps "x" is invalid: spec.replicas: Invalid value: -1: must be greater than or equal to 0',
  )
  assert.equal(one.details?.kind, 'Deployment')
  const two = invalid(deployments, 'x', [negative, required('spec.selector')])
  assert.match(
    two.message,
    /^Deployment.apps "x" is invalid: \[.*, spec.selector: Required value\]$/,
  )
  assert.equal(two.details?.causes?.length, 2)
})

test('a refusal is told from any other error, and carries when to ask again', () => {
  const busy = new StatusError('ServiceUnavailable', 'not now', { retryAfterSeconds: 1 })
  assert.equal(busy.retryAfterSeconds, 1)
  assert.ok(isRefusal(busy) && isRefusal(busy, 'ServiceUnavailable') && !isRefusal(busy, 'Timeout'))
  assert.ok(!isRefusal(new Error('not ours')))
})
