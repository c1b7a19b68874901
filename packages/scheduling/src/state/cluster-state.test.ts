import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Pod } from '@reckon/kubernetes'
import { inZone, node, pod } from '../plugins/scenario.fixture.ts'
import { clusterStateOf } from './cluster-state.fixture.ts'
import { ClusterState } from './cluster-state.ts'
import { occupiesNode } from './node-of-pod.ts'
import { traitsOf } from './pod-traits.ts'

/** What of a cluster others look at to see whether they have to look again. */
const versions = (cluster: ClusterState) => [
  cluster.nodeChanges.version,
  cluster.loadChanges.version,
  cluster.shape,
  cluster.epoch,
]
const unchanged = (cluster: ClusterState, change: () => void) => {
  const before = [...versions(cluster), cluster.hash]
  change()
  assert.deepEqual([...versions(cluster), cluster.hash], before)
}
const namesAt = (cluster: ClusterState, nodeName: string) =>
  cluster.pods.at(cluster.slots.find(nodeName) ?? -1).map(({ name }) => name)
const images = [{ names: ['app:1'], sizeBytes: 1 }]

test('a heartbeat of a Node is no change of it', () => {
  const cluster = clusterStateOf([node('a')], [])
  const conditions = [{ type: 'Ready', status: 'True', lastHeartbeatTime: '2026-01-01T00:00:00Z' }]
  unchanged(cluster, () =>
    cluster.setNode({ ...node('a'), status: { ...node('a').status, conditions } }),
  )
})

test('what a placement may depend on is a change: labels, spec, capacity, readiness, images', () => {
  const cluster = clusterStateOf([node('a')], [])
  for (const changed of [
    inZone('z1', 'a'),
    node('a', { spec: { unschedulable: true } }),
    node('a', { allocatable: { cpu: '8' } }),
    { ...node('a'), status: { ...node('a').status, conditions: [] } },
    node('a', { images }),
  ]) {
    const [before, hash] = [cluster.nodeChanges.version, cluster.hash]
    cluster.setNode(changed)
    assert.equal(cluster.nodeChanges.version, before + 1)
    assert.notEqual(cluster.hash, hash)
  }
})

test('a Node without allocatable has its capacity', () => {
  const { allocatable: _, ...status } = { ...node('a').status, capacity: { cpu: '3', pods: '1' } }
  const cluster = clusterStateOf([{ ...node('a'), status }], [])
  assert.ok(cluster.hasRoom(traitsOf(pod({ requests: { cpu: '3' } }), ''), 'a'))
  assert.ok(!cluster.hasRoom(traitsOf(pod({ requests: { cpu: '3001m' } }), ''), 'a'))
})

test('what several pods ask for is asked for together', () => {
  const cluster = clusterStateOf([node('a')], [])
  for (let count = 0; count < 2; count += 1) cluster.addPod(pod({ requests: { cpu: '2' } }), 'a')
  assert.ok(!cluster.hasRoom(traitsOf(pod({ requests: { cpu: '1m' } }), ''), 'a'))
})

test('a node that nobody knows has room for all that is known of it', () =>
  assert.ok(new ClusterState().hasRoom(traitsOf(pod({ requests: { cpu: '3' } }), ''), 'a')))

test('a pod counts once, on the node that it was given last', () => {
  const cluster = clusterStateOf([node('a'), node('b')], [])
  const web = pod()
  cluster.addPod(web, 'a')
  unchanged(cluster, () => cluster.addPod(web, 'a'))
  cluster.addPod(web, 'b')
  assert.deepEqual([namesAt(cluster, 'a'), namesAt(cluster, 'b')], [[], [web.metadata.name]])
  assert.deepEqual([...cluster.podCounts.subarray(0, 2)], [0, 1])
  cluster.addPod({ ...web, metadata: { ...web.metadata, labels: { a: 'b' } } }, 'b')
  assert.deepEqual([...cluster.podCounts.subarray(0, 2)], [0, 1])
  assert.ok(cluster.hasPod(web.metadata.uid ?? ''))
  cluster.removePod(web.metadata.uid ?? '')
  assert.ok(!cluster.hasPod(web.metadata.uid ?? ''))
  unchanged(cluster, () => cluster.removePod(web.metadata.uid ?? ''))
})

test('pods of a node that is not known yet count as soon as it is, and while it is gone', () => {
  const cluster = new ClusterState()
  cluster.addPod(pod({ requests: { cpu: '3' } }), 'a')
  assert.equal(cluster.nodeCount, 0)
  cluster.setNode(node('a'))
  const two = traitsOf(pod({ requests: { cpu: '2' } }), '')
  assert.ok(!cluster.hasRoom(two, 'a'))
  cluster.removeNode('a')
  assert.equal(cluster.nodeCount, 0)
  cluster.setNode(node('a'))
  assert.deepEqual([cluster.nodeCount, cluster.hasRoom(two, 'a')], [1, false])
})

test('the number of a node that is gone with all its pods is another’s', () => {
  const cluster = clusterStateOf([node('a')], [])
  const web = pod()
  cluster.addPod(web, 'a')
  cluster.removeNode('a')
  assert.notEqual(cluster.slots.find('a'), undefined)
  cluster.removePod(web.metadata.uid ?? '')
  assert.equal(cluster.slots.find('a'), undefined)
  unchanged(cluster, () => cluster.removeNode('a'))
})

test('a Node that was removed already is not removed again', () => {
  const cluster = clusterStateOf([node('a')], [])
  cluster.addPod(pod(), 'a')
  cluster.removeNode('a')
  unchanged(cluster, () => cluster.removeNode('a'))
})

test('how many nodes there are matters to placements once some have images', () => {
  const cluster = clusterStateOf([node('a')], [])
  const shapes = [cluster.shape]
  const after = (change: () => void) => {
    change()
    shapes.push(cluster.shape)
  }
  after(() => cluster.setNode(node('b')))
  after(() => cluster.removeNode('b'))
  assert.equal(new Set(shapes).size, 1)
  after(() => cluster.setNode(node('a', { images })))
  after(() => cluster.setNode(node('b')))
  after(() => cluster.removeNode('b'))
  assert.equal(new Set(shapes).size, 4)
})

test('a label key that ceases to be unique matters to placements', () => {
  const cluster = clusterStateOf([inZone('z1', 'a')], [])
  cluster.labelColumn('topology.kubernetes.io/zone')
  const before = cluster.shape
  cluster.setNode(inZone('z2', 'b'))
  assert.equal(cluster.shape, before)
  cluster.setNode(inZone('z1', 'c'))
  assert.notEqual(cluster.shape, before)
})

test('a node says what it has by allocatable, also beside another capacity', () => {
  const cluster = new ClusterState()
  const sized = (allocatable: string) => {
    const given = node('a', { allocatable: { cpu: allocatable } })
    return { ...given, status: { ...given.status, capacity: { cpu: '9' } } }
  }
  const fits = () => cluster.hasRoom(traitsOf(pod({ requests: { cpu: '3' } }), ''), 'a')
  cluster.setNode(sized('2'))
  assert.ok(!fits())
  cluster.setNode(sized('3'))
  assert.ok(fits())
})

test('what is promised of a node that went away is not there any more, nor is an empty node itself', () => {
  const cluster = clusterStateOf([node('a'), node('b')], [])
  cluster.addPod(pod(), 'a')
  cluster.removeNode('a')
  assert.ok(!cluster.hasRoom(traitsOf(pod({ requests: { cpu: '1' } }), ''), 'a'))
  cluster.removeNode('b')
  assert.equal(cluster.slots.find('b'), undefined)
  unchanged(cluster, () => cluster.removeNode('none'))
})

test('budgets and the labels of namespaces are in the hash, and out of it when they go', () => {
  const cluster = new ClusterState()
  const empty = cluster.hash
  const counts = { currentHealthy: 1, desiredHealthy: 1, expectedPods: 1 }
  const budget = (disruptionsAllowed: number) =>
    cluster.setBudget({
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata: { name: 'few', namespace: 'default' },
      spec: { selector: { matchLabels: { app: 'web' } } },
      status: { ...counts, disruptionsAllowed },
    })
  const hashes = [empty]
  const after = (change: () => void) => {
    change()
    hashes.push(cluster.hash)
  }
  after(() => budget(1))
  after(() => budget(2))
  after(() => cluster.setNamespace('default', { team: 'a' }))
  assert.equal(new Set(hashes).size, 4)
  assert.equal(cluster.budgets.version, 2)
  cluster.setNamespace('default')
  cluster.removeBudget('default', 'few')
  assert.deepEqual([cluster.hash, cluster.budgets.version], [empty, 3])
})

test('when a pod started is in the hash, and a change on its node', () => {
  const cluster = clusterStateOf([node('a')], [])
  const empty = cluster.hash
  const web = pod()
  const started = (startTime: string): Pod => ({ ...web, status: { startTime } })
  const hashes = [empty]
  const after = (change: () => void) => {
    const before = cluster.loadChanges.version
    change()
    assert.ok(cluster.loadChanges.version > before)
    assert.equal(cluster.loadChanges.at(before), cluster.slots.find('a'))
    hashes.push(cluster.hash)
  }
  after(() => cluster.addPod(web, 'a'))
  after(() => cluster.addPod(started('2026-01-01T00:00:00Z'), 'a'))
  after(() => cluster.addPod(started('2026-01-01T00:00:01Z'), 'a'))
  unchanged(cluster, () => cluster.addPod(started('2026-01-01T00:00:01Z'), 'a'))
  after(() =>
    cluster.addPod(
      { ...started('2026-01-01T00:00:01Z'), metadata: { ...web.metadata, labels: { a: 'b' } } },
      'a',
    ),
  )
  assert.equal(new Set(hashes).size, 5)
  cluster.removePod(web.metadata.uid ?? '')
  assert.equal(cluster.hash, empty)
})

test('a node that changes is a change of what is on it, too', () => {
  const cluster = clusterStateOf([node('a')], [])
  const before = cluster.loadChanges.version
  cluster.setNode(inZone('z1', 'a'))
  assert.equal(cluster.loadChanges.version, before + 1)
})

test('how many pods with a lower priority stand on a node', () => {
  const cluster = clusterStateOf([node('a')], [])
  for (const priority of [-5, 0, 5]) cluster.addPod(pod({ priority }), 'a')
  const slot = cluster.slots.find('a') ?? -1
  const below = [-5, 0, 5, 6].map((priority) => cluster.podsBelow(priority).at(slot))
  assert.deepEqual(below, [0, 1, 2, 3])
})

test('a node that is kept for a pod is in the hash, and keeps its number though it be unknown', () => {
  const cluster = new ClusterState()
  const empty = cluster.hash
  const web = pod({ requests: { cpu: '9' } })
  const { uid = '' } = web.metadata
  unchanged(cluster, () => cluster.nominate(web, undefined))
  cluster.nominate(web, 'a')
  const kept = cluster.hash
  assert.notEqual(kept, empty)
  assert.notEqual(cluster.slots.find('a'), undefined)
  assert.equal(cluster.nominations.slotOf(uid), cluster.slots.find('a'))
  cluster.nominate(web, 'b')
  assert.notEqual(cluster.hash, kept)
  assert.equal(cluster.slots.find('a'), undefined)
  cluster.nominate(web, undefined)
  assert.deepEqual([cluster.hash, cluster.slots.find('b')], [empty, undefined])
})

test('a pod for which a node is kept counts there once, placed or not', () => {
  const cluster = clusterStateOf([node('a')], [])
  const slot = cluster.slots.find('a') ?? -1
  const web = pod({ requests: { cpu: '3' } })
  cluster.nominate(web, 'a')
  cluster.nominations.heed('another', 0)
  const counts = [cluster.podCounts[slot]]
  cluster.addPod(web, 'a')
  counts.push(cluster.podCounts[slot])
  cluster.removePod(web.metadata.uid ?? '')
  counts.push(cluster.podCounts[slot])
  assert.deepEqual(counts, [1, 1, 1])
  const large = traitsOf(pod({ requests: { cpu: '99' } }), '')
  assert.ok(cluster.hasRoom(large, 'a'), 'it may be what is kept for that pod')
  cluster.nominate(web, undefined)
  assert.ok(!cluster.hasRoom(large, 'a'))
})

test('a claim is used by the pods that stand', () => {
  const cluster = clusterStateOf([node('a')], [])
  const web = pod({ volumes: [{ name: 'v', persistentVolumeClaim: { claimName: 'data' } }] })
  cluster.addPod(web, 'a')
  assert.equal(cluster.storage.usersOf('default/data'), 1)
  cluster.removePod(web.metadata.uid ?? '')
  assert.equal(cluster.storage.usersOf('default/data'), 0)
})

test('a Service or set that is as it was, or was never there, is no change', () => {
  const cluster = new ClusterState()
  const selector = { app: 'web' }
  const metadata = { name: 'web', namespace: 'default' }
  const service = { apiVersion: 'v1', kind: 'Service', metadata, spec: { selector } } as const
  const template = { metadata: { labels: selector }, spec: { containers: [] } }
  const spec = { replicas: 1, selector: { matchLabels: selector }, template }
  const set = { apiVersion: 'apps/v1', kind: 'ReplicaSet', metadata, spec } as const
  const hashes = [cluster.hash]
  const grouping = { ...set, selector: set.spec.selector }
  const changed = (change: () => void) => {
    const before = cluster.shape
    change()
    assert.equal(cluster.shape, before + 1)
    hashes.push(cluster.hash)
  }
  unchanged(cluster, () => cluster.removeService('default', 'web'))
  unchanged(cluster, () => cluster.removeGrouping('ReplicaSet', 'default', 'web'))
  changed(() => cluster.setService(service))
  unchanged(cluster, () => cluster.setService(service))
  changed(() => cluster.setGrouping(grouping))
  unchanged(cluster, () => cluster.setGrouping(grouping))
  assert.equal(new Set(hashes).size, 3)
  changed(() => cluster.removeService('default', 'web'))
  changed(() => cluster.removeGrouping('ReplicaSet', 'default', 'web'))
  assert.equal(cluster.hash, hashes[0])
})

test('labels of a namespace void the counters once a term went by them', () => {
  const cluster = clusterStateOf([node('a')], [])
  cluster.setNamespace('default', { team: 'a' })
  assert.equal(cluster.epoch, 0)
  cluster.namespaces.labelsOf('default')
  cluster.setNamespace('default', { team: 'b' })
  assert.equal(cluster.epoch, 1)
  cluster.setNamespace('default', { team: 'b' })
  assert.equal(cluster.epoch, 1)
})

test('more nodes than there was room for change nothing for those that were there', () => {
  const cluster = clusterStateOf([node('n-0')], [])
  cluster.addPod(pod({ requests: { cpu: '3' } }), 'n-0')
  const zone = cluster.labelColumn('kubernetes.io/hostname')
  for (let n = 1; n < 70; n++) cluster.setNode(node(`n-${n}`))
  const two = traitsOf(pod({ requests: { cpu: '2' } }), '')
  const one = traitsOf(pod({ requests: { cpu: '1' } }), '')
  assert.deepEqual([cluster.hasRoom(two, 'n-0'), cluster.hasRoom(two, 'n-69')], [false, true])
  assert.ok(cluster.hasRoom(one, 'n-0'))
  assert.equal(cluster.podCounts[cluster.slots.find('n-0') ?? -1], 1)
  assert.equal(new Set(zone.values.subarray(0, 70)).size, 70)
})

test('a pod takes something from a node while it is bound and has not ended', () => {
  const bound = pod({ nodeName: 'a' })
  assert.ok(occupiesNode(bound))
  assert.ok(!occupiesNode(pod()) && !occupiesNode(pod({ nodeName: '' })))
  const ended: Pod = { ...bound, status: { phase: 'Failed' } }
  assert.ok(!occupiesNode(ended))
  assert.equal(clusterStateOf([node('a')], [bound, ended, pod()]).podCounts[0], 1)
})

test('images that lie nowhere are no context of a placement, nor is a selector for who says how to spread', () => {
  const cluster = clusterStateOf([node('a', { images })], [])
  assert.equal(cluster.imagesContext(['other']), '')
  assert.notEqual(cluster.imagesContext(['other', 'app:1']), '')
  const contextOf = (wanted: Pod) => cluster.contextOf(traitsOf(wanted, ''))
  const labels = { app: 'web' }
  const constraint = { maxSkew: 1, topologyKey: 'z', whenUnsatisfiable: 'DoNotSchedule' } as const
  const spread = pod({ labels, topologySpreadConstraints: [constraint] })
  const [plain, spreading] = [contextOf(pod({ labels })), contextOf(spread)]
  const metadata = { name: 'web', namespace: 'default' }
  cluster.setService({ apiVersion: 'v1', kind: 'Service', metadata, spec: { selector: labels } })
  assert.notEqual(contextOf(pod({ labels })), plain)
  assert.equal(contextOf(spread), spreading)
})
