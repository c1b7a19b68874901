import assert from 'node:assert/strict'
import { test } from 'node:test'
import { actionsFor } from './actions.ts'
import type { Kind } from './kind.ts'
import type { AnyObject } from './object.ts'

const kindOf = (id: string): Kind => {
  const [plural = '', group = ''] = id.split('.')
  return {
    ...{ id, plural, group, singular: '', shortNames: [], kind: plural },
    root: group ? `apis/${group}/v1` : 'api/v1',
    isNamespaced: plural !== 'nodes',
  }
}
const metadata = { name: 'web', namespace: 'shop', uid: 'u-1' }
const namesFor = (id: string, object: AnyObject = { metadata }) =>
  actionsFor(kindOf(id), object).map(({ name }) => name)
const request = (id: string, name: string, object: AnyObject = { metadata }) =>
  actionsFor(kindOf(id), object)
    .find((each) => each.name === name)
    ?.request({ replicas: 5, nowMs: 0 })

test('each kind has what can be done to it', () => {
  assert.deepEqual(namesFor('deployments.apps'), ['scale', 'restart', 'delete'])
  assert.deepEqual(namesFor('replicationcontrollers'), ['scale', 'delete'])
  assert.deepEqual(namesFor('daemonsets.apps'), ['restart', 'delete'])
  assert.deepEqual(namesFor('pods'), ['evict', 'delete'])
  assert.deepEqual(namesFor('nodes'), ['cordon', 'delete'])
  assert.deepEqual(namesFor('nodes', { spec: { unschedulable: true } }), ['uncordon', 'delete'])
  assert.deepEqual(namesFor('configmaps'), ['delete'])
})

test('scaling asks for the subresource, so that nothing else changes', () => {
  assert.deepEqual(request('deployments.apps', 'scale'), {
    method: 'PATCH',
    path: 'apis/apps/v1/namespaces/shop/deployments/web/scale',
    body: { spec: { replicas: 5 } },
    type: 'application/merge-patch+json',
  })
})

test('a restart is what kubectl makes of it', () => {
  const annotations = { 'kubectl.kubernetes.io/restartedAt': '1970-01-01T00:00:00.000Z' }
  const body = { spec: { template: { metadata: { annotations } } } }
  assert.deepEqual(request('statefulsets.apps', 'restart')?.body, body)
})

test('only the object that is shown is deleted, not another one of its name', () => {
  const { body } = request('pods', 'delete') ?? {}
  assert.deepEqual(body, {
    ...{ kind: 'DeleteOptions', apiVersion: 'v1', propagationPolicy: 'Background' },
    preconditions: { uid: 'u-1' },
  })
})
