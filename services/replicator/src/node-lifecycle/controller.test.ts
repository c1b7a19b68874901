import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { createMemoryBus } from '@reckon/eventing/memory'
import { type Node, nodes } from '@reckon/kubernetes'
import { systemIds } from '@reckon/process'
import { startedCluster } from '../cluster.fixture.ts'
import { contextIn } from '../context.fixture.ts'
import { TermSeconds } from '../term-seconds.ts'
import { NodeLifecycleController } from './controller.ts'
import { Heartbeats } from './heartbeats.ts'
import { unreachableStatus } from './unreachable.ts'

const graceSeconds = 4
const now = '2026-01-01T00:00:00Z'

/** Three nodes, of which `c` is recorded as unreachable; the others are as silent as a test makes them. */
async function threeNodes(t: TestContext) {
  const cluster = await startedCluster(t)
  const { objects, ids } = cluster.ports
  for (const name of ['a', 'b', 'c']) await cluster.node(name)
  await cluster.changeBelow('status', 'Node', 'c', (object) => ({
    ...object,
    status: unreachableStatus(object as Node, now),
  }))
  const heartbeats = new Heartbeats({ bus: createMemoryBus(), ids: ids ?? systemIds })
  const { silence } = heartbeats
  const term = { heartbeats, seconds: new TermSeconds(), graceSeconds }
  const controller = new NodeLifecycleController(term)
  return {
    silence,
    second: (...heard: string[]) => {
      silence.echoed()
      for (const name of heard) silence.heard(name)
      controller.allKeys(objects)
    },
    taintsOf: async (name: string) => {
      await controller.reconcile(name, contextIn(cluster))
      await cluster.ports.reader.waitForHead(1000)
      const taints = objects.get(nodes, '', name)?.object.spec.taints ?? []
      return taints.map(({ effect }) => effect)
    },
  }
}

test('of one node of three that is silent the pods are driven away', async (t) => {
  const { second, taintsOf } = await threeNodes(t)
  for (let n = 0; n < graceSeconds; n++) second('a', 'b')
  assert.deepEqual(await taintsOf('c'), ['NoSchedule', 'NoExecute'])
})

test('that most nodes are silent is not forgotten when the wire goes away before it is recorded', async (t) => {
  const { silence, second, taintsOf } = await threeNodes(t)
  for (let n = 0; n < graceSeconds; n++) second('a')
  assert.deepEqual(await taintsOf('c'), ['NoSchedule'])
  silence.interrupted()
  second()
  assert.deepEqual(await taintsOf('c'), ['NoSchedule'])
  second('a', 'b')
  assert.deepEqual(await taintsOf('c'), ['NoSchedule', 'NoExecute'])
})
