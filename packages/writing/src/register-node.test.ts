import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Objects } from '@reckon/domain'
import type { EventLog } from '@reckon/eventing'
import { conditionOf, type Node, nodes, type Pod, StatusError } from '@reckon/kubernetes'
import { byAda, foundedCluster, pod } from './cluster.fixture.ts'
import { deleteObject } from './delete-object.ts'
import { bindPod, reportPodStatus } from './pod.ts'
import { registerNode } from './register-node.ts'
import { restoredFrom } from './restored.fixture.ts'
import { watched } from './watched.fixture.ts'
import type { WritePorts } from './write-ports.ts'
import { WriterView } from './writer-view.ts'

type Cluster = Awaited<ReturnType<typeof foundedCluster>>

const node: Node = { apiVersion: 'v1', kind: 'Node', metadata: { name: 'a' }, spec: {} }
const target = { resource: nodes, namespace: '', name: 'a' }

const register = async (
  { ports }: { ports: WritePorts },
  bootId: string,
  more: { boot?: number; number?: number; status?: Node['status']; isBack?: true } = {},
) => {
  const { number = 1, status, ...boot } = more
  const reported = { ...node, ...(status && { status }) }
  const report = { type: 'Node', node: reported, bootId, number, ...boot } as const
  const { stored } = await registerNode(ports, { report, origin: byAda })
  return stored.boot
}

/** Another api's ports on the same log, its view as it is now and no further. */
const behind = async ({ ports }: Cluster): Promise<Pick<Cluster, 'ports' | 'objects'>> => {
  const objects = new Objects()
  for await (const event of ports.log.readAll()) objects.apply(event)
  return { ports: { ...ports, known: new WriterView(objects) }, objects }
}

test('each start of an agent gets a number of its own, higher than all before; the same start the same one', async () => {
  const cluster = await foundedCluster()
  assert.deepEqual(await register(cluster, 'one'), { id: 'one', number: 1 })
  await cluster.catchUp()
  assert.deepEqual(await register(cluster, 'one'), { id: 'one', number: 1 })
  assert.deepEqual(await register(cluster, 'two'), { id: 'two', number: 2 })
  const events = await cluster.eventsOf('nodes', 'a')
  assert.deepEqual(
    events.map(({ type }) => type),
    ['NodeCreated', 'NodeRegistered'],
  )
})

test('apis that are behind give two starts different numbers, and one start one number', async () => {
  const cluster = await foundedCluster()
  await register(cluster, 'one')
  await cluster.catchUp()
  const [left, right] = [await behind(cluster), await behind(cluster)]
  const numbers = await Promise.all([register(left, 'two'), register(right, 'three')])
  assert.deepEqual(new Set(numbers.map((boot) => boot?.number)), new Set([2, 3]))
  const late = await behind(cluster)
  await register(cluster, 'four')
  assert.deepEqual(await register(late, 'four'), { id: 'four', number: 4 })
})

test('an api that does not know yet of a start records what that start reports', async () => {
  const cluster = await foundedCluster()
  await register(cluster, 'one')
  await cluster.catchUp()
  const late = await behind(cluster)
  assert.deepEqual(await register(cluster, 'two'), { id: 'two', number: 2 })
  const reported = { boot: 2, number: 2, status: { phase: 'Running' } }
  assert.deepEqual(await register(late, 'two', reported), { id: 'two', number: 2 })
  await cluster.catchUp()
  const stored = cluster.objects.get(nodes, '', 'a')
  assert.deepEqual(stored?.object.status, { phase: 'Running' })
})

test('what an earlier start said, and an earlier report of the same one, are not recorded', async () => {
  const cluster = await foundedCluster()
  await register(cluster, 'one')
  await cluster.catchUp()
  await register(cluster, 'two', { number: 5 })
  await cluster.catchUp()
  const old = { status: { phase: 'Pending' } }
  assert.deepEqual(await register(cluster, 'one', { boot: 1, number: 9, ...old }), {
    id: 'two',
    number: 2,
  })
  await register(cluster, 'two', { boot: 2, number: 4, ...old })
  assert.equal((await cluster.eventsOf('nodes', 'a')).length, 2)
})

test('a Node that was deleted goes on counting', async () => {
  const cluster = await foundedCluster()
  await register(cluster, 'one')
  await cluster.catchUp()
  await deleteObject(cluster.ports, { target, origin: byAda })
  await cluster.catchUp()
  assert.deepEqual(await register(cluster, 'one', { boot: 1, number: 2 }), { id: 'one', number: 3 })
})

test('where folding begins with a whole object, the start is not forgotten', async () => {
  const cluster = await foundedCluster()
  await register(cluster, 'one')
  for (let number = 2; number < 200; number++) {
    await cluster.catchUp()
    await register(cluster, 'one', { boot: 1, number, status: { phase: `${number % 2}` } })
  }
  await cluster.catchUp()
  const late = await behind(cluster)
  assert.deepEqual(late.objects.get(nodes, '', 'a')?.boot, { id: 'one', number: 1 })
  const saved = restoredFrom(late.objects)
  assert.deepEqual(saved.get(nodes, '', 'a')?.boot, { id: 'one', number: 1 })
})

test('an agent whose clock was set back, or whose disk is lost, is heard after its restart', async () => {
  const cluster = await foundedCluster()
  const { object, last } = await cluster.create('pods', pod('p'))
  const ref = { namespace: 'default', name: 'p', uid: object.metadata.uid ?? '' }
  await bindPod(cluster.ports, { pod: ref, nodeName: 'a', origin: byAda })
  const said = async (boot: number, number: number, phase: string) => {
    await cluster.catchUp()
    const report = {
      type: 'PodStatus',
      ...ref,
      boot,
      number,
      status: { phase },
      cause: last,
    } as const
    const eventId = cluster.ids.next()
    const { stored } = await reportPodStatus(cluster.ports, { report, eventId, origin: byAda })
    return (stored.object as Pod).status?.phase
  }
  const first = await register(cluster, 'drawn-1')
  assert.equal(await said(first?.number ?? 0, 7, 'Running'), 'Running')
  cluster.clock.sleep(-3_600_000)
  await cluster.catchUp()
  const second = await register(cluster, 'drawn-0')
  assert.equal(await said(second?.number ?? 0, 1, 'Succeeded'), 'Succeeded')
  assert.equal(await said(first?.number ?? 0, 8, 'Running'), 'Succeeded')
})

test('a Node that is known is not looked for, and one that is not is made first', async () => {
  const cluster = await foundedCluster()
  const { ports, asked } = watched(cluster.ports)
  const since = (count: number) =>
    asked.slice(count).map((each) => each.replace(/podcidrs-.*/, 'podcidrs'))
  await register({ ports }, 'one')
  assert.deepEqual(since(0), ['read nodes-/a', 'append podcidrs', 'append nodes-/a'])
  await register({ ports }, 'two')
  assert.deepEqual(since(3), ['append nodes-/a'])
})

test('a Node that was deleted behind the view’s back is made again', async () => {
  const cluster = await foundedCluster()
  await register(cluster, 'one')
  const late = await behind(cluster)
  await deleteObject(cluster.ports, { target, origin: byAda })
  assert.deepEqual(await register(late, 'two'), { id: 'two', number: 3 })
})

test('a report of what no Node can be is refused, for a Node that is there as for a new one', async () => {
  const cluster = await foundedCluster()
  const labels = { 'topology.kubernetes.io/zone': 'no zone!' }
  const broken = { ...node, metadata: { name: 'a', labels } }
  const report = { type: 'Node', node: broken, bootId: 'one', number: 2 } as const
  const told = () => registerNode(cluster.ports, { report, origin: byAda })
  await assert.rejects(told(), { reason: 'Invalid' })
  await register(cluster, 'one')
  await assert.rejects(told(), { reason: 'Invalid' })
})

test('a Node that goes leaves its range to the replicator, one that never came gives it back', async () => {
  const cluster = await foundedCluster()
  const held = async () => {
    await cluster.catchUp()
    return [...cluster.objects.reservations.held()].length
  }
  const log: EventLog = {
    ...cluster.log,
    async append(stream, ...given) {
      if (stream === 'nodes-/a') throw new StatusError('ServiceUnavailable', 'away')
      return cluster.log.append(stream, ...given)
    },
  }
  const away = { ports: { ...cluster.ports, log } }
  await assert.rejects(register(away, 'one'), { reason: 'ServiceUnavailable' })
  assert.equal(await held(), 0)
  await register(cluster, 'one')
  await deleteObject(cluster.ports, { target, origin: byAda })
  assert.equal(await held(), 1)
})

test('of a node that was given up its agent says how it is only once it knows that', async () => {
  const cluster = await foundedCluster()
  const ready = (status: string) => ({ conditions: [{ type: 'Ready', status }] })
  await register(cluster, 'one', { status: ready('Unknown') })
  await cluster.catchUp()
  const readiness = async (report: Parameters<typeof register>[2]) => {
    await register(cluster, 'one', { boot: 1, ...report })
    await cluster.catchUp()
    return conditionOf(cluster.objects.get(nodes, '', 'a')?.object.status, 'Ready')?.status
  }
  assert.equal(await readiness({ number: 2, status: ready('True') }), 'Unknown')
  assert.equal(await readiness({ number: 3, status: ready('True'), isBack: true }), 'True')
  assert.equal(await readiness({ number: 4, status: ready('False') }), 'False')
})

test('what a node may not say of itself is refused, and no reason to make it anew', async () => {
  const cluster = await foundedCluster()
  await register(cluster, 'one')
  const labels = { 'node-restriction.kubernetes.io/x': 'y' }
  const named = { ...node, metadata: { ...node.metadata, labels } }
  const report = { type: 'Node', node: named, bootId: 'one', number: 2 } as const
  await assert.rejects(registerNode(cluster.ports, { report, origin: byAda }), {
    reason: 'Forbidden',
  })
})
