import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Plugin } from './framework.ts'
import { helpedPlugins, pluginsHelpedElsewhere } from './hints.ts'
import { imageLocality } from './plugins/image-locality.ts'
import { interPodAffinity } from './plugins/inter-pod-affinity.ts'
import { nodeResourcesFit } from './plugins/node-resources-fit.ts'
import { podTopologySpread } from './plugins/pod-topology-spread.ts'
import { volumeRestrictions } from './plugins/volume-restrictions.ts'

const policyOf = (...plugins: readonly Plugin[]) => ({
  name: 'some',
  plugins: plugins.map((plugin) => ({ plugin, weight: 0 })),
})
const policy = policyOf(imageLocality, volumeRestrictions, podTopologySpread, interPodAffinity)

test('a Node that changes may help whatever was in the way', () =>
  assert.equal(helpedPlugins('NodeChanged', [policy]), undefined))

test('any other event helps the plugins that go by it', () => {
  assert.deepEqual(helpedPlugins('NamespaceChanged', [policy]), ['InterPodAffinity'])
  assert.deepEqual(helpedPlugins('PodPlaced', [policy]), ['PodTopologySpread', 'InterPodAffinity'])
  assert.deepEqual(helpedPlugins('ClaimsFreed', [policy]), ['VolumeRestrictions'])
  assert.deepEqual(helpedPlugins('StorageChanged', [policyOf(imageLocality)]), [])
})

test('what ends on one node helps on others only plugins that go by whole domains', () => {
  const policies = [policyOf(nodeResourcesFit, podTopologySpread), policyOf(interPodAffinity)]
  assert.deepEqual(helpedPlugins('PodEnded', policies)?.length, 3)
  assert.deepEqual(
    [...pluginsHelpedElsewhere('PodEnded', policies)],
    ['PodTopologySpread', 'InterPodAffinity'],
  )
})
