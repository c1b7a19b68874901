import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Objects } from '@reckon/domain'
import { type Node, nodes, type Pod } from '@reckon/kubernetes'
import { byAda, foundedCluster, pod } from './cluster.fixture.ts'
import { deleteObject } from './delete-object.ts'
import { Known } from './known.ts'
import { bindPod, reportPodStatus } from './pod.ts'
import { registerNode } from './register-node.ts'
import { restoredFrom } from './restored.fixture.ts'

type Cluster = Awaited<ReturnType<typeof foundedCluster>>

const node: Node = { apiVersion: 'v1', kind: 'Node', metadata: { name: 'a' }, spec: {} }
const target = { resource: nodes, namespace: '', name: 'a' }

const register = async (
  { ports }: Pick<Cluster, 'ports'>,
  bootId: string,
  more: { boot?: number; number?: number; status?: Node['status'] } = {},
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
  return { ports: { ...ports, known: new Known(objects) }, objects }
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
