import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Objects } from '@reckon/domain'
import type { Pod } from '@reckon/kubernetes'
import { node, pod } from '../plugins/scenario.fixture.ts'
import { DecidedLog } from '../replaying/decided-log.fixture.ts'
import { ClusterState } from './cluster-state.ts'
import { clusterStateIn, feed, isFed } from './feed.ts'

/** A view, and a cluster that is fed with what changes there. */
function fedCluster() {
  const [log, objects, cluster] = [new DecidedLog(), new Objects(), new ClusterState()]
  objects.subscribe((change) => feed(cluster, change))
  const tell = (stream: string, type: string, data: unknown) => {
    objects.apply(log.append(stream, type, data))
    assert.equal(cluster.hash, clusterStateIn(objects).hash)
    return cluster.hash
  }
  const tellPod = (type: string, { metadata }: Pod, data: unknown) =>
    tell(`pods-default/${metadata.name}`, type, data)
  return { cluster, tell, tellPod }
}
const selector = { app: 'web' }
const metadata = { name: 'web', namespace: 'default' }
const gone = { patch: [] }

test('a cluster that is fed change by change is as one that looks at the view', () => {
  const { tell } = fedCluster()
  const template = { metadata: { labels: selector }, spec: { containers: [] } }
  const spec = { replicas: 1, selector: { matchLabels: selector }, template }
  const objects = {
    'nodes-/a': node('a'),
    'namespaces-/default': {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: 'default', labels: selector },
    },
    'services-default/web': { apiVersion: 'v1', kind: 'Service', metadata, spec: { selector } },
    'replicasets.apps-default/web': { apiVersion: 'apps/v1', kind: 'ReplicaSet', metadata, spec },
    'statefulsets.apps-default/web': { apiVersion: 'apps/v1', kind: 'StatefulSet', metadata, spec },
    'pods-default/web': { ...pod({ nodeName: 'a' }), metadata: { ...metadata, uid: 'u' } },
  }
  const hashes: string[] = []
  for (const [stream, object] of Object.entries(objects)) {
    hashes.push(tell(stream, `${object.kind}Created`, { object }))
  }
  assert.equal(new Set(hashes).size, hashes.length)
  for (const [stream, { kind }] of Object.entries(objects).reverse()) {
    assert.equal(
      tell(stream, `${kind}Deleted`, gone),
      hashes[hashes.length - 2] ?? new ClusterState().hash,
    )
    hashes.pop()
  }
})

test('a pod counts from its binding to its end', () => {
  const { cluster, tell, tellPod } = fedCluster()
  tell('nodes-/a', 'NodeCreated', { object: node('a') })
  const web = pod()
  const bound = [{ op: 'add', path: '/spec/nodeName', value: 'a' }]
  const ended = [{ op: 'add', path: '/status', value: { phase: 'Succeeded' } }]
  const counts = [
    tellPod('PodCreated', web, { object: web }) && cluster.podCounts[0],
    tellPod('PodScheduled', web, { patch: bound }) && cluster.podCounts[0],
    tellPod('PodSucceeded', web, { patch: ended }) && cluster.podCounts[0],
  ]
  assert.deepEqual(counts, [0, 1, 0])
})

test('a node is kept for a pod from the event that says so until it is bound, ends or goes', () => {
  const { cluster, tell, tellPod } = fedCluster()
  tell('nodes-/a', 'NodeCreated', { object: node('a') })
  const kept = () => cluster.nominations.slotOf(web.metadata.uid ?? '')
  const web = pod()
  tellPod('PodCreated', web, { object: web })
  const nominated = { patch: [{ op: 'add', path: '/status', value: { nominatedNodeName: 'a' } }] }
  tellPod('PodSchedulingFailed', web, nominated)
  assert.equal(kept(), cluster.slots.find('a'))
  tellPod('PodScheduled', web, { patch: [{ op: 'add', path: '/spec/nodeName', value: 'a' }] })
  assert.equal(kept(), undefined)
  const other = pod()
  tellPod('PodCreated', other, { object: { ...other, status: { nominatedNodeName: 'a' } } })
  const uid = other.metadata.uid ?? ''
  assert.equal(cluster.nominations.slotOf(uid), cluster.slots.find('a'))
  tellPod('PodDeleted', other, gone)
  assert.equal(cluster.nominations.slotOf(uid), undefined)
})

test('a set says who belongs together, also one without matchLabels', () => {
  const { tell } = fedCluster()
  const controller = (kind: string, spec: object) => ({ apiVersion: 'v1', kind, metadata, spec })
  const template = { metadata: { labels: selector }, spec: { containers: [] } }
  const hashes = [
    new ClusterState().hash,
    tell('replicationcontrollers-default/web', 'ReplicationControllerCreated', {
      object: controller('ReplicationController', { replicas: 1, selector, template }),
    }),
    tell('replicationcontrollers-default/web', 'ReplicationControllerChanged', {
      patch: [{ op: 'replace', path: '/spec/selector', value: { app: 'db' } }],
    }),
    tell('replicationcontrollers-default/web', 'ReplicationControllerChanged', {
      patch: [{ op: 'remove', path: '/spec/selector' }],
    }),
  ]
  assert.equal(new Set(hashes).size, hashes.length)
})

test('a change of a pod that is only assumed to be placed takes nothing back', () => {
  const [objects, cluster, log] = [new Objects(), new ClusterState(), new DecidedLog()]
  objects.subscribe((change) => feed(cluster, change))
  cluster.setNode(node('a'))
  const web = pod()
  cluster.addPod(web, 'a')
  objects.apply(log.append(`pods-default/${web.metadata.name}`, 'PodCreated', { object: web }))
  assert.ok(cluster.hasPod(web.metadata.uid ?? ''))
})

test('placements depend on nodes, pods and what groups pods, on nothing else', () => {
  for (const id of [
    'nodes',
    'pods',
    'namespaces',
    'services',
    'replicasets.apps',
    'statefulsets.apps',
    'replicationcontrollers',
  ])
    assert.ok(isFed(id))
  for (const id of ['configmaps', 'secrets', 'deployments.apps']) assert.ok(!isFed(id))
})
