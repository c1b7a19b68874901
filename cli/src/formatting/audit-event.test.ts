import assert from 'node:assert/strict'
import { test } from 'node:test'
import { auditEventOf } from './audit-event.ts'
import type { LoggedEvent } from './format-event.ts'

const scaled: LoggedEvent = {
  id: 'e-2',
  type: 'DeploymentScaled',
  stream: 'deployments.apps-shop/web',
  position: '42',
  revision: '1',
  data: { patch: [] },
  metadata: {
    actor: { user: 'bob', groups: ['dev'], client: 'kubectl/v1.33.1' },
    verb: 'patch',
    time: '2026-11-21T14:02:00.123Z',
    $correlationId: 'request-1',
  },
}

test('a write is told as an audit log tells it', () => {
  assert.deepEqual(auditEventOf(scaled), {
    kind: 'Event',
    apiVersion: 'audit.k8s.io/v1',
    level: 'Metadata',
    auditID: 'request-1',
    stage: 'ResponseComplete',
    requestURI: '/apis/apps/v1/namespaces/shop/deployments/web',
    verb: 'patch',
    user: { username: 'bob', groups: ['dev'] },
    userAgent: 'kubectl/v1.33.1',
    objectRef: {
      ...{ resource: 'deployments', namespace: 'shop', name: 'web' },
      ...{ apiGroup: 'apps', apiVersion: 'v1', resourceVersion: '42' },
    },
    responseStatus: { metadata: {}, code: 200 },
    requestReceivedTimestamp: '2026-11-21T14:02:00.123000Z',
    stageTimestamp: '2026-11-21T14:02:00.123000Z',
    annotations: { 'reckon.dev/event': 'DeploymentScaled e-2' },
  })
})

test('who acted in whose name, what is of a custom kind, and what answers another event', () => {
  const found = auditEventOf({
    ...scaled,
    type: 'OrderCreated',
    stream: 'orders.shop.example.com-shop/first',
    data: { object: { apiVersion: 'shop.example.com/v2', kind: 'Order' } },
    metadata: {
      actor: { user: 'bob', impersonator: 'ada' },
      verb: 'create',
      time: '2026-11-21T14:02:00.123Z',
      $correlationId: 'request-1',
      $causationId: 'e-1',
    },
  })
  assert.deepEqual(found?.user, { username: 'ada' })
  assert.deepEqual(found?.impersonatedUser, { username: 'bob' })
  assert.equal(found?.requestURI, '/apis/shop.example.com/v2/namespaces/shop/orders/first')
  assert.equal(found?.responseStatus.code, 201)
  assert.equal(found?.annotations['reckon.dev/cause'], 'e-1')
})

test('what is about no object is in no audit log', () => {
  assert.equal(auditEventOf({ ...scaled, stream: 'policies-scheduler' }), undefined)
})
