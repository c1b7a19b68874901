import assert from 'node:assert/strict'
import { test } from 'node:test'
import { defaultSettings } from '@reckon/domain'
import type { Node } from '@reckon/kubernetes'
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
  for await (const event of log.follow(undefined, AbortSignal.timeout(8000))) {
    if (!('type' in event) || event.type !== 'PodCIDRReserved') continue
    assert.equal(event.stream, 'podcidrs-10.244.1.0/24')
    assert.deepEqual(event.data, { stream: 'nodes-/node-1', uid: 'u' })
    return
  }
  assert.fail('nothing was reserved')
})
