import assert from 'node:assert/strict'
import { test } from 'node:test'
import { defaultSettings } from '@reckon/domain'
import { type Node, nodes } from '@reckon/kubernetes'
import { reportPodStatus } from '@reckon/writing'
import { startedCluster } from '../cluster.fixture.ts'
import { replicateTerm } from '../replicate-term.ts'

test('a node that was allotted no range of addresses gets the one that another gives up', async (t) => {
  const settings = { ...defaultSettings, clusterCidr: '10.244.0.0/23' }
  const cluster = await startedCluster(t, { settings })
  const rangeOf = (name: string) =>
    cluster.list<Node>('Node').find(({ object }) => object.metadata.name === name)?.object.spec
      .podCIDR
  for (const name of ['a', 'b', 'c']) {
    await cluster.node(name)
    await cluster.ports.reader.waitForHead(1000)
  }
  assert.deepEqual(['a', 'b', 'c'].map(rangeOf), ['10.244.1.0/24', '10.244.0.0/24', undefined])
  cluster.start((signal) => replicateTerm(cluster.ports, signal))
  await cluster.remove('Node', 'a')
  await cluster.until('c has the range that a had', () => rangeOf('c') === '10.244.1.0/24')
  const reserved = (await cluster.events()).filter(
    ({ stream }) => stream === 'podcidrs-10.244.1.0/24',
  )
  assert.deepEqual(
    reserved.map(({ type }) => type),
    ['PodCIDRReserved', 'PodCIDRReleased', 'PodCIDRReserved'],
  )
})

test('the range of a Node that was recorded before ranges were reserved is reserved for it', async (t) => {
  const cluster = await startedCluster(t)
  const { log, ids } = cluster.ports
  const object = {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name: 'node-1', uid: 'u' },
    spec: { podCIDR: '10.244.1.0/24', podCIDRs: ['10.244.1.0/24'] },
  }
  const metadata = { actor: { user: 'a' }, verb: 'report', time: '', $correlationId: 'c' }
  const old = { id: ids.next(), type: 'NodeCreated', data: { object }, metadata }
  await log.append('nodes-/node-1', 'NoStream', [old])
  cluster.start((signal) => replicateTerm(cluster.ports, signal))
  for await (const event of log.follow(undefined, AbortSignal.timeout(30_000))) {
    if (!('type' in event) || event.type !== 'PodCIDRReserved') continue
    assert.equal(event.stream, 'podcidrs-10.244.1.0/24')
    assert.deepEqual(event.data, { stream: 'nodes-/node-1', uid: 'u' })
    return
  }
  assert.fail('nothing was reserved')
})

test('the range of a Node that is gone is kept while pods run in it, and free once they do not', {
  timeout: 20_000,
}, async (t) => {
  const cluster = await startedCluster(t)
  const { objects } = cluster.ports
  await cluster.node('node-1')
  const spec = { nodeName: 'node-1', containers: [{ name: 'c', image: 'i' }] }
  const metadata = { name: 'left', namespace: 'shop' }
  const pod = await cluster.create({ apiVersion: 'v1', kind: 'Pod', metadata, spec })
  const { uid = '' } = pod.object.metadata
  const running = { phase: 'Running', podIP: '10.244.1.7' } as const
  const report = {
    type: 'PodStatus',
    ...metadata,
    uid,
    cause: pod.last,
    boot: 1,
    number: 1,
  } as const
  const origin = { actor: { user: 'system:node:node-1' }, verb: 'report' }
  await reportPodStatus(cluster.ports, {
    report: { ...report, status: running },
    eventId: cluster.ports.ids.next(),
    origin,
  })
  cluster.start((signal) => replicateTerm(cluster.ports, signal))
  const holderOf = () =>
    objects.reservations.of({ pool: 'podcidrs', value: '10.244.1.0/24' })?.holder
  await cluster.remove('Node', 'node-1')
  await cluster.node('node-1')
  await cluster.ports.reader.waitForHead(1000)
  const again = objects.get(nodes, '', 'node-1')
  assert.notEqual(again?.object.spec.podCIDR, '10.244.1.0/24')
  assert.ok(holderOf())
  await cluster.remove('Pod', 'left', { gracePeriodSeconds: 0 })
  const free = Promise.withResolvers<void>()
  t.after(objects.reservations.subscribe(() => holderOf() ?? free.resolve()))
  await free.promise
})
