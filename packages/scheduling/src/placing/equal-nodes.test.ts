import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inZone, node, pod } from '../plugins/scenario.fixture.ts'
import { clusterStateOf } from '../state/cluster-state.fixture.ts'
import { EqualLoads } from './equal-loads.ts'
import { EqualNodes } from './equal-nodes.ts'
import { Grouping } from './grouping.ts'
import { absent } from './node-cell.ts'
import { NodeJudge } from './node-judge.ts'
import { Rejections } from './rejections.ts'

const zone = 'topology.kubernetes.io/zone'
const wants = {
  ...{ nodeName: '', nodeSelector: {}, nodeAffinity: undefined },
  ...{ tolerations: [], images: [], claims: [] },
}

/** Nodes that are told apart by their zones. */
function sorted(names: readonly string[]) {
  const cluster = clusterStateOf(
    names.map((name) => inZone('z1', name)),
    [],
  )
  const topologies = [{ key: zone, isOwn: false }]
  const rejections = new Rejections()
  const judge = new NodeJudge({ cluster, rejections, plugins: [], wants, topologies })
  const nodes = new EqualNodes(cluster, new Grouping(cluster, judge), new EqualLoads(cluster))
  const at = (name: string) => nodes.sets[cluster.slots.find(name) ?? -1] ?? -1
  const sizeOf = (name: string) => nodes.sizes[at(name)]
  return { cluster, nodes, at, sizeOf }
}

test('nodes are in one set while their group and their load are the same', () => {
  const { cluster, nodes, at, sizeOf } = sorted(['a', 'b', 'c'])
  nodes.refresh()
  assert.deepEqual([at('a'), at('b'), sizeOf('a')], [at('c'), at('c'), 3])
  cluster.addPod(pod({ requests: { cpu: '1' } }), 'b')
  cluster.setNode(inZone('z2', 'c'))
  nodes.refresh()
  assert.equal(new Set([at('a'), at('b'), at('c')]).size, 3)
  assert.deepEqual(['a', 'b', 'c'].map(sizeOf), [1, 1, 1])
  const { slots } = cluster
  const slot = slots.find('c') ?? -1
  cluster.removeNode('c')
  nodes.refresh()
  assert.deepEqual(
    [nodes.sets[slot], nodes.groups.cellAt(slot)],
    [nodes.sets[slots.capacity - 1], absent],
  )
})

test('who moved from where to where is told, in order', () => {
  const { cluster, nodes, at } = sorted(['a', 'b'])
  nodes.refresh()
  const { moves } = nodes
  const since = moves.version
  const [first, slot] = [at('a'), cluster.slots.find('a')]
  cluster.addPod(pod(), 'a')
  nodes.refresh()
  assert.deepEqual([moves.version, moves.reachesTo(since)], [since + 1, true])
  assert.deepEqual(
    [moves.slotAt(since), moves.fromAt(since), moves.toAt(since)],
    [slot, first, at('a')],
  )
})

test('sets begin anew before there are many more of them than nodes', () => {
  const { cluster, nodes, sizeOf } = sorted(['a', 'b'])
  nodes.refresh()
  const { epoch } = nodes
  for (let n = 0; nodes.epoch === epoch; n++) {
    cluster.addPod(pod({ requests: { cpu: `${n}m` } }), 'a')
    nodes.refresh()
    assert.ok(n <= 2 * cluster.slots.capacity, `${n}`)
  }
  assert.deepEqual([sizeOf('a'), sizeOf('b')], [1, 1])
  assert.ok(nodes.count < 5)
})

test('nodes for which there was no room yet are in a set, too', () => {
  const { cluster, nodes, at, sizeOf } = sorted(['a'])
  nodes.refresh()
  for (let n = 0; n < 100; n++) cluster.setNode(inZone('z1', `n-${n}`))
  cluster.setNode(node('elsewhere'))
  nodes.refresh()
  assert.deepEqual([at('n-99'), sizeOf('a')], [at('a'), 101])
  assert.notEqual(at('elsewhere'), at('a'))
})
