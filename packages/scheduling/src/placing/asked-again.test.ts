import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { LoadPlugin, NodePlugin, Policy, TopologyPlugin } from '../framework.ts'
import { nodeAffinity } from '../plugins/node-affinity.ts'
import { inZone, node, pod } from '../plugins/scenario.fixture.ts'
import { clusterStateOf } from '../state/cluster-state.fixture.ts'
import { place } from './place.ts'

const zone = 'topology.kubernetes.io/zone'

/**
 * A cluster of ten nodes with loads of their own, a policy of plugins that suit everything, and what these were asked
 * since the last time.
 */
function askedCluster({ nodes = 10, areAlike = false, heedsNames = false } = {}) {
  const cluster = clusterStateOf(
    Array.from({ length: nodes }, (_, n) => node(`n-${n}`)),
    [],
  )
  for (let n = 0; n < nodes && !areAlike; n++) {
    cluster.addPod(pod({ requests: { cpu: `${n}m` } }), `n-${n}`)
  }
  const asked = { nodes: [] as string[], loads: [] as string[], prepared: 0 }
  const ofNodes: NodePlugin = {
    name: 'OfNodes',
    points: ['filter', 'score'],
    judges: 'node',
    prepare: () => ({
      filter(node) {
        asked.nodes.push(node.metadata.name)
        return undefined
      },
      score: () => 1,
    }),
  }
  const ofLoads: LoadPlugin = {
    name: 'OfLoads',
    points: ['filter', 'score'],
    judges: 'load',
    helpedBy: [],
    prepare: () => ({
      filter(slot) {
        asked.loads.push(cluster.slots.nameOf(slot))
        return undefined
      },
      score: () => 1,
    }),
  }
  const ofTopology: TopologyPlugin = {
    name: 'OfTopology',
    points: ['filter'],
    judges: 'topology',
    helpedBy: [],
    prepare(_, counting) {
      asked.prepared += 1
      const counter = cluster.counter('all', () => true)
      counting.inDomains(counter, zone, counting.eligible('all', { keys: [] }))
      return { score: (groups) => groups.map(() => 1) }
    },
  }
  const own = heedsNames ? [nodeAffinity] : []
  const plugins = [...own, ofNodes, ofLoads, ofTopology].map((plugin) => ({ plugin, weight: 0 }))
  const policy: Policy = { name: 'asked', plugins }
  const placed = (wanted = pod()) => {
    Object.assign(asked, { nodes: [], loads: [], prepared: 0 })
    return place(wanted, cluster, policy)
  }
  return { cluster, asked, placed }
}

test('a second pod of a sort asks nobody anything, unless something changed', () => {
  const { placed, asked, cluster } = askedCluster()
  placed()
  assert.deepEqual([asked.nodes.length, asked.loads.length, asked.prepared], [10, 10, 1])
  placed()
  assert.deepEqual(asked, { nodes: [], loads: [], prepared: 0 })
  cluster.setNode(node('n-3'))
  placed()
  assert.deepEqual(asked, { nodes: [], loads: [], prepared: 0 })
})

test('a Node that changed is asked about, and no other', () => {
  const { placed, asked, cluster } = askedCluster()
  placed()
  cluster.setNode(inZone('z1', 'n-3'))
  placed()
  assert.deepEqual(asked, { nodes: ['n-3'], loads: ['n-3'], prepared: 0 })
})

test('a node on which a pod came is asked what it is left with, and no other; once it went that is known', () => {
  const { placed, asked, cluster } = askedCluster()
  placed()
  const web = pod()
  cluster.addPod(web, 'n-3')
  placed()
  assert.deepEqual(asked, { nodes: [], loads: ['n-3'], prepared: 0 })
  cluster.removePod(web.metadata.uid ?? '')
  placed()
  assert.deepEqual(asked.loads, [])
})

test('where more changed than there are nodes, or than anybody remembers, each is asked about once', () => {
  const { placed, asked, cluster } = askedCluster()
  placed()
  for (let n = 0; n < 100; n++) cluster.addPod(pod(), 'n-3')
  placed()
  assert.deepEqual(asked.loads, ['n-3'])
  for (let n = 0; n < 4097; n++) cluster.setNode(inZone(`z${n}`, 'n-3'))
  placed()
  assert.equal(asked.nodes.length, 10)
  for (let n = 0; n < 17_000; n++) cluster.addPod(pod({ labels: {} }), 'n-4')
  placed()
  assert.deepEqual(asked.loads, ['n-4'])
})

test('of many nodes with the same amounts one is asked about, whoever asked before and whatever changed since', () => {
  const { placed, asked, cluster } = askedCluster({ nodes: 40, areAlike: true })
  assert.equal(placed().suitingCount, 40)
  assert.equal(asked.loads.length, 1)
  const web = { requests: { cpu: '1' } }
  for (let n = 0; n < 40; n++) cluster.addPod(pod(web), `n-${n}`)
  placed()
  assert.equal(asked.loads.length, 1)
  cluster.addPod(pod(web), 'n-7')
  cluster.setNode(node('n-8', { allocatable: { cpu: '8' } }))
  placed(pod(web))
  assert.equal(asked.loads.length, 3)
  for (let n = 0; n < 40; n++) cluster.addPod(pod(web), `n-${n}`)
  placed(pod(web))
  // That of seven was there before: two pods.
  assert.equal(asked.loads.length, 2)
})

test('a node that comes is asked about, one that goes is not', () => {
  const { placed, asked, cluster } = askedCluster()
  placed()
  cluster.setNode(node('new'))
  placed()
  assert.deepEqual([asked.nodes, asked.loads], [['new'], ['new']])
  cluster.removeNode('new')
  const { nodeCount, suitingCount } = placed()
  assert.deepEqual([asked.nodes, asked.loads, nodeCount, suitingCount], [[], [], 10, 10])
})

test('more nodes than there was room for are asked about as they come', () => {
  const { placed, asked, cluster } = askedCluster({ nodes: 64 })
  placed()
  cluster.setNode(node('one-more'))
  assert.equal(placed().suitingCount, 65)
  assert.deepEqual([asked.nodes, asked.loads], [['one-more'], ['one-more']])
})

test('pods of sorts that want alike share what was asked for them', () => {
  const { placed, asked } = askedCluster()
  placed(pod({ labels: { a: 'b' } }))
  placed(pod({ labels: { a: 'c' } }))
  assert.deepEqual(asked, { nodes: [], loads: [], prepared: 1 })
  placed(pod({ requests: { cpu: '1' } }))
  assert.deepEqual([asked.nodes.length, asked.loads.length], [0, 10])
  placed(pod({ nodeSelector: { disk: 'ssd' } }))
  assert.deepEqual([asked.nodes.length, asked.loads.length], [10, 10])
})

test('pods that name their nodes are asked about on these alone, once it is known what keeps them off the others', () => {
  const { placed, asked, cluster } = askedCluster({ heedsNames: true })
  const onNode = (...values: string[]) => {
    const matchFields = [{ key: 'metadata.name', operator: 'In', values }]
    const required = {
      requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchFields }] },
    }
    return pod({ affinity: { nodeAffinity: required } })
  }
  assert.equal(placed(onNode('n-1')).nodeName, 'n-1')
  const { nodeName, reasons } = placed(onNode('n-2'))
  assert.deepEqual([nodeName, asked.nodes, asked.loads], ['n-2', ['n-2'], ['n-2']])
  const reason = "node(s) didn't match Pod's node affinity/selector"
  assert.deepEqual(reasons, [{ reason, count: 9 }])
  cluster.removeNode('n-2')
  assert.deepEqual(placed(onNode('n-2')).reasons, [{ reason, count: 9 }])
  cluster.setNode(node('n-2'))
  assert.equal(placed(onNode('n-2', 'gone')).nodeName, 'n-2')
  const many = Array.from({ length: 17 }, (_, n) => `n-${n}`)
  assert.equal(placed(onNode(...many)).suitingCount, 10)
})

test('what a sort was prepared for holds until something else than nodes and counts changes for it', () => {
  const { placed, asked, cluster } = askedCluster()
  const labels = { app: 'web' }
  const metadata = { name: 'web', namespace: 'default' }
  placed(pod({ labels }))
  cluster.setService({
    apiVersion: 'v1',
    kind: 'Service',
    metadata,
    spec: { selector: { app: 'db' } },
  })
  placed(pod({ labels }))
  assert.equal(asked.prepared, 0)
  cluster.setService({ apiVersion: 'v1', kind: 'Service', metadata, spec: { selector: labels } })
  placed(pod({ labels }))
  assert.equal(asked.prepared, 1)
  cluster.namespaces.labelsOf('default')
  cluster.setNamespace('default', { team: 'a' })
  placed(pod({ labels }))
  assert.deepEqual([asked.prepared, asked.nodes.length], [1, 10])
})

test('a plugin without weight scores nothing', () => {
  const { placed } = askedCluster()
  assert.deepEqual(placed().verdicts()[0]?.scores, {})
})
