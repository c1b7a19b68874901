import assert from 'node:assert/strict'
import { test } from 'node:test'
import { changedIn, changesBetweenFullStates, Objects } from '@reckon/domain'
import { type Node, nodes, type Pod, pods, type Resource } from '@reckon/kubernetes'
import { changeObject } from './change-object.ts'
import { byAda, foundedCluster, pod } from './cluster.fixture.ts'
import { reportPodStatus } from './pod.ts'
import { registerNode } from './register-node.ts'
import type { WritePorts } from './write-ports.ts'
import { WriterView } from './writer-view.ts'

/** Changes an object so often that its full state is recorded; answers the ports of who has to read it. */
async function fullStateSince(
  ports: WritePorts,
  target: { resource: Resource; namespace: string; name: string },
) {
  for (let n = 1; n <= changesBetweenFullStates; n++) {
    await changeObject(ports, {
      target,
      change: (it) => ({ ...it, metadata: { ...it.metadata, labels: { n: `${n}` } } }),
      origin: byAda,
    })
  }
  const view = new Objects()
  for await (const founded of ports.log.readAll({ limit: 1 })) view.apply(founded)
  return { ...ports, known: new WriterView(view) }
}

test('who reads a pod from its last full state knows the last report of its agent', async () => {
  const { ports, create } = await foundedCluster()
  const { object, last } = await create('pods', pod('web'))
  const of = { namespace: 'default', name: 'web' }
  const report = (by: WritePorts, number: number, phase: Pod['status']) => {
    const uid = object.metadata.uid ?? ''
    const told = {
      type: 'PodStatus',
      ...of,
      uid,
      boot: 1,
      number,
      status: phase ?? {},
      cause: last,
    } as const
    return reportPodStatus(by, { report: told, eventId: ports.ids.next(), origin: byAda })
  }
  await report(ports, 2, { phase: 'Running' })
  const blind = await fullStateSince(ports, { resource: pods, ...of })
  const { stored, event } = await report(blind, 1, { phase: 'Pending' })
  assert.equal(event, undefined)
  assert.deepEqual(stored.report, { boot: 1, number: 2 })
})

test('who reads a Node from its last full state knows the last start of its agent', async () => {
  const { ports } = await foundedCluster()
  const node: Node = { apiVersion: 'v1', kind: 'Node', metadata: { name: 'a' }, spec: {} }
  const register = (by: WritePorts, bootId: string) => {
    const report = { type: 'Node', node, bootId, number: 1 } as const
    return registerNode(by, { report, origin: byAda })
  }
  const { stored: first } = await register(ports, 'one')
  const blind = await fullStateSince(ports, { resource: nodes, namespace: '', name: 'a' })
  const { stored, event } = await register(blind, 'one')
  assert.deepEqual([event, stored.boot], [undefined, first.boot])
})

test('a full state recorded with a change of status says what was last wanted of the object', async () => {
  const { ports, create, eventsOf } = await foundedCluster()
  const target = { resource: pods, namespace: 'default', name: 'web' }
  const { intent } = await create('pods', pod('web'))
  for (let n = 1; n <= 2 * changesBetweenFullStates; n++) {
    const change = (it: Pod): Pod => ({ ...it, status: { ...it.status, podIP: `10.0.0.${n}` } })
    await changeObject(ports, { target, change, origin: byAda, subresource: 'status' })
  }
  const [, ...changed] = await eventsOf('pods', 'web')
  const changes = changed.map(changedIn)
  const intents = changes.filter(({ object }) => object).map((whole) => whole.intent)
  assert.deepEqual(intents, [intent, intent])
})
