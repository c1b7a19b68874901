import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pods } from '@reckon/kubernetes'
import { clusterStateIn } from '@reckon/scheduling'
import { startedCluster } from './cluster.fixture.ts'
import { SchedulingView } from './scheduling-view.ts'

test('what counts is what the view has and what is said to be assumed, also after a refused placement of a nominated pod', async (t) => {
  const cluster = await startedCluster(t)
  const { objects, policies } = cluster.ports
  await cluster.node('a', '1')
  await cluster.node('b', '1')
  const { uid = '' } = (await cluster.pod('high')).object.metadata
  const pod = objects.get(pods, 'default', 'high')?.object
  assert.ok(pod)
  const view = new SchedulingView(objects, policies)
  const seen = clusterStateIn(objects).hash
  view.nominate(pod, { nodeName: 'a', victims: [], number: 1, eventId: 'of the nomination' })
  assert.deepEqual(view.assumed, [1])
  assert.notEqual(view.cluster.hash, seen)
  view.assume(pod, 'b', 2)
  assert.deepEqual(view.assumed, [2])
  view.forget(uid, { number: 2, nodeName: 'b', nowMs: 0 })
  assert.deepEqual(view.assumed, [])
  assert.equal(view.cluster.hash, seen)
})
