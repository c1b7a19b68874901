import assert from 'node:assert/strict'
import { test } from 'node:test'
import { clusterOf, settingsFor, settingsOf } from './cluster.ts'

test('a cluster is founded with a range of addresses that holds twice the nodes that were wished for', () => {
  const rangeFor = (nodes: number) => settingsFor(nodes).clusterCidr
  assert.equal(rangeFor(1), '10.244.0.0/16')
  assert.equal(rangeFor(127), '10.244.0.0/16')
  assert.equal(rangeFor(128), '10.244.0.0/15')
  assert.equal(rangeFor(300), '10.244.0.0/14')
  assert.equal(rangeFor(1_000), '10.240.0.0/13')
  assert.equal(rangeFor(5_000), '10.192.0.0/10')
})

test('what the first clusters did not say of themselves is as it was', () => {
  const settings = {
    clusterCidr: '10.244.0.0/16',
    serviceCidr: '10.96.0.0/16',
    nodePorts: [30_000, 32_767] as const,
    domain: 'cluster.local',
  }
  assert.deepEqual(clusterOf({ id: 'e', data: { cluster: 'c', settings } }), {
    cluster: 'c',
    founded: 'e',
    settings: {
      ...settings,
      nodeCidrMaskSize: 24,
      clusterDns: '169.254.20.10',
      defaultTolerationSeconds: 300,
      allowsExternalIPs: false,
    },
  })
})

test('before a cluster is founded nobody knows its settings', () =>
  assert.throws(() => settingsOf({ cluster: undefined }), /not founded yet/))
