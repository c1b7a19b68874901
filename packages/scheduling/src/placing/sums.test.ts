import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inZone, node, pod } from '../plugins/scenario.fixture.ts'
import { ClusterState } from '../state/cluster-state.ts'
import { DomainSums } from './domain-sums.ts'
import { EligibleNodes } from './eligible-nodes.ts'
import { NodeSums } from './node-sums.ts'

const key = 'topology.kubernetes.io/zone'

/**
 * Two zones of two nodes each and a node in none; all pods are counted on nodes that have a zone and are not cordoned.
 */
function zones() {
  const cluster = new ClusterState()
  for (const [name, zone] of Object.entries({ a: 'z1', b: 'z1', c: 'z2', d: 'z2' })) {
    cluster.setNode(inZone(zone, name))
  }
  cluster.setNode(node('e'))
  const counter = cluster.counter('all', () => true)
  const test = ({ spec }: { spec: { unschedulable?: boolean } }) => !spec.unschedulable
  const eligible = new EligibleNodes(cluster, 'all', { keys: [key], test })
  const column = cluster.labelColumn(key)
  const byDomain = new DomainSums({ counter, key, eligible })
  const byNode = new NodeSums('web on nodes', counter, eligible)
  const refresh = () => {
    byDomain.refresh()
    byNode.refresh()
  }
  const slot = (name: string) => cluster.slots.find(name) ?? -1
  const inZones = () => {
    refresh()
    return ['a', 'c'].map((name) => byDomain.of(column.values[slot(name)] ?? -1))
  }
  const onNodes = () => {
    refresh()
    return ['a', 'b', 'c', 'd', 'e'].map((name) => byNode.at(slot(name)))
  }
  const cordon = (name: string, zone: string) =>
    cluster.setNode({ ...inZone(zone, name), spec: { unschedulable: true } })
  refresh()
  return { cluster, eligible, byDomain, byNode, refresh, inZones, onNodes, cordon, slot }
}

test('pods are counted in their domain and on their node, where these are eligible', () => {
  const { cluster, inZones, onNodes, byDomain, byNode } = zones()
  assert.deepEqual([inZones(), byDomain.isEmpty, byNode.isEmpty], [[0, 0], true, true])
  const [first, second] = [pod(), pod()]
  for (const name of ['a', 'b', 'c', 'e']) cluster.addPod(pod(), name)
  cluster.addPod(first, 'd')
  cluster.addPod(second, 'd')
  assert.deepEqual(
    [inZones(), onNodes()],
    [
      [2, 3],
      [1, 1, 1, 2, 0],
    ],
  )
  assert.deepEqual([byDomain.isEmpty, byNode.isEmpty], [false, false])
  for (const { metadata } of [first, second]) cluster.removePod(metadata.uid ?? '')
  assert.deepEqual(
    [inZones(), onNodes()],
    [
      [2, 1],
      [1, 1, 1, 0, 0],
    ],
  )
})

test('the least is that of the domains that have an eligible node, empty ones too', () => {
  const { cluster, byDomain, byNode, refresh, cordon } = zones()
  const least = () => {
    refresh()
    return [byDomain.minimum, byNode.minimum]
  }
  assert.deepEqual(least(), [0, 0])
  for (const name of ['a', 'a', 'b', 'c']) cluster.addPod(pod(), name)
  assert.deepEqual(least(), [1, 0])
  const last = pod()
  cluster.addPod(last, 'd')
  assert.deepEqual(least(), [2, 1])
  for (const name of ['b', 'c', 'd']) cluster.addPod(pod(), name)
  assert.deepEqual(least(), [4, 2])
  cluster.removePod(last.metadata.uid ?? '')
  assert.deepEqual(least(), [3, 1])
  for (const name of ['c', 'd']) cordon(name, 'z2')
  assert.deepEqual(least(), [4, 2])
  for (const name of ['a', 'b']) cordon(name, 'z1')
  assert.deepEqual(least(), [0, 0])
})

test('which nodes are eligible is counted anew when a Node changed', () => {
  const { eligible, byDomain, byNode, refresh, cordon, slot, inZones } = zones()
  assert.deepEqual([eligible.count, byNode.domainCount, byDomain.domainCount], [4, 4, 2])
  assert.deepEqual([eligible.has(slot('a')), eligible.has(slot('e'))], [true, false])
  assert.equal(eligible.sizesOf(key), eligible.sizesOf(key))
  cordon('a', 'z1')
  refresh()
  assert.deepEqual([eligible.count, byNode.domainCount, byDomain.domainCount], [3, 3, 2])
  cordon('b', 'z1')
  refresh()
  assert.deepEqual([eligible.count, byDomain.domainCount], [2, 1])
  assert.deepEqual(inZones(), [0, 0])
})

test('a node that moves to another zone takes its pods along', () => {
  const { cluster, inZones, byDomain } = zones()
  for (const name of ['a', 'a', 'c']) cluster.addPod(pod(), name)
  assert.deepEqual(inZones(), [2, 1])
  cluster.setNode(inZone('z2', 'b'))
  assert.deepEqual(inZones(), [2, 1])
  cluster.setNode(inZone('z3', 'c'))
  assert.deepEqual([inZones(), byDomain.domainCount], [[2, 1], 3])
  assert.equal(byDomain.minimum, 0)
})

test('however many pods come at once, each is counted', () => {
  const { cluster, inZones, onNodes } = zones()
  for (let n = 0; n < 300; n++) cluster.addPod(pod(), 'a')
  assert.deepEqual(
    [inZones(), onNodes()],
    [
      [300, 0],
      [300, 0, 0, 0, 0],
    ],
  )
})
