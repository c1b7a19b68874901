import assert from 'node:assert/strict'
import { test } from 'node:test'
import { matchesLabels, type Service } from '@reckon/kubernetes'
import { pod } from '../plugins/scenario.fixture.ts'
import { DefaultSelectors, type Grouping } from './default-selectors.ts'
import { traitsOf } from './pod-traits.ts'

const service = (selector?: Record<string, string>, name = 'web'): Service => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace: 'default' },
  spec: { ...(selector && { selector }) },
})
const set = (labels: Record<string, string>): Grouping => ({
  kind: 'ReplicaSet',
  metadata: { name: 'web', namespace: 'default' },
  selector: { matchLabels: labels },
})
const traits = (labels: Record<string, string>, kind?: string) => {
  const owned = pod({ labels })
  const owner = { apiVersion: 'apps/v1', kind: kind ?? '', name: 'web', uid: 'u', controller: true }
  if (kind) owned.metadata.ownerReferences = [owner]
  return traitsOf(owned, '')
}

test('what is known already is no news, and what is gone is gone once', () => {
  const selectors = new DefaultSelectors()
  assert.equal(selectors.setService(service({ app: 'web' })), true)
  assert.equal(selectors.setService(service({ app: 'web' })), false)
  assert.equal(selectors.setService(service({ app: 'db' })), true)
  assert.equal(selectors.removeService('default', 'web'), true)
  assert.equal(selectors.removeService('default', 'web'), false)
  assert.equal(selectors.removeService('other', 'web'), false)
  assert.equal(selectors.setService(service()), true)
  assert.equal(selectors.setService(service()), false)
  assert.equal(selectors.setGrouping(set({ app: 'web' })), true)
  assert.equal(selectors.setGrouping(set({ app: 'web' })), false)
  assert.equal(selectors.removeGrouping('ReplicaSet', 'default', 'web'), true)
  assert.equal(selectors.removeGrouping('ReplicaSet', 'default', 'web'), false)
})

test('pods belong together by all Services that select them, and by their ReplicaSet', () => {
  const selectors = new DefaultSelectors()
  assert.equal(selectors.of(traits({ app: 'web' })), 'Nothing')
  selectors.setService(service({ app: 'web' }))
  selectors.setService(service({ tier: 'front' }, 'front'))
  selectors.setService(service({ app: 'db' }, 'db'))
  selectors.setGrouping(set({ hash: '1' }))
  const both = { app: 'web', tier: 'front' }
  const ofServices = selectors.of(traits(both))
  assert.ok(matchesLabels(ofServices, both))
  assert.ok(!matchesLabels(ofServices, { app: 'web' }))
  const ofAll = selectors.of(traits(both, 'ReplicaSet'))
  assert.ok(!matchesLabels(ofAll, both))
  assert.ok(matchesLabels(ofAll, { ...both, hash: '1' }))
  assert.deepEqual(selectors.of(traits(both, 'StatefulSet')), ofServices)
  assert.equal(selectors.of({ ...traits(both), namespace: 'other' }), 'Nothing')
})
