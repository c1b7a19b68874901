import assert from 'node:assert/strict'
import { test } from 'node:test'
import { helpedPlugins } from './hints.ts'
import { defaultPolicy } from './policy/default-policy.ts'

test('a Node that changes may help whatever was in the way', () =>
  assert.equal(helpedPlugins('NodeChanged', defaultPolicy), undefined))

test('any other event helps the plugins that go by it', () => {
  assert.deepEqual(helpedPlugins('NamespaceChanged', defaultPolicy), ['InterPodAffinity'])
  assert.deepEqual(helpedPlugins('PodPlaced', defaultPolicy), [
    'PodTopologySpread',
    'InterPodAffinity',
  ])
  assert.deepEqual(helpedPlugins('ClaimsFreed', defaultPolicy), ['VolumeRestrictions'])
})
