import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Objects } from '@reckon/domain'
import { node, pod } from '../plugins/scenario.fixture.ts'
import { ClusterState } from '../state/cluster-state.ts'
import { clusterStateIn } from '../state/feed.ts'
import { DecidedLog } from './decided-log.fixture.ts'
import { FedObjects } from './fed-objects.ts'

const fedBy = ({ events }: DecidedLog) => {
  const cluster = new ClusterState()
  const objects = new FedObjects(cluster)
  for (const event of events) objects.apply(event)
  return { cluster, objects }
}

test('the state that objects feed is that of a view of the same events', () => {
  const log = new DecidedLog()
  for (const name of ['a', 'b']) log.addNode(node(name))
  const [first, second] = [log.addPod(pod()), log.addPod(pod())]
  for (const each of [first, second]) log.record(each, log.decide(each))
  log.deletePod(first)
  const objects = new Objects()
  for (const event of log.events) objects.apply(event)
  const { cluster } = fedBy(log)
  assert.equal(cluster.hash, clusterStateIn(objects).hash)
  assert.equal(cluster.hash, log.cluster.hash)
})

test('a pod is found by its stream, as its last event left it, until it is deleted', () => {
  const log = new DecidedLog()
  log.addNode(node('a'))
  const made = log.addPod(pod())
  const { stream } = log.record(made, log.decide(made))
  assert.equal(fedBy(log).objects.podIn(stream)?.spec.nodeName, 'a')
  assert.equal(fedBy(log).objects.podIn('nodes-/a'), undefined)
  log.deletePod(made)
  assert.equal(fedBy(log).objects.podIn(stream), undefined)
})

test('events of other kinds, of no object and of the store itself change nothing', () => {
  const log = new DecidedLog()
  log.addNode(node('a'))
  const before = fedBy(log).cluster.hash
  log.append('configmaps-default/c', 'ConfigMapCreated', { object: {} })
  log.append('schedulerterm', 'TermBegan', { term: 1 })
  log.append('nodes-/a', '$tombstone', {})
  assert.equal(fedBy(log).cluster.hash, before)
})
