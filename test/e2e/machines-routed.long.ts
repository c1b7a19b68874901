import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Node, Service } from '@reckon/kubernetes'
import { get, until } from './cluster.ts'
import { JoinedCluster, runOn } from './joined-cluster.ts'
import type { Machine } from './machines.ts'
import { arrivesAsSent, eachReachesEach, startEnds, startPeers } from './peers.ts'

const nodes = ['node-1', 'w1', 'w2']
/** Where w2 is reached once it has moved. */
const elsewhere = '10.211.0.77'

let joined: JoinedCluster
let [beside, beyond]: Machine[] = []
before(async () => {
  joined = await JoinedCluster.open('routed')
  beside = await joined.join('w1')
  beyond = await joined.join('w2', { link: 'far' })
})
after(() => joined?.close())

/** How that machine reaches the pods of that node. */
async function wayTo(node: string, from: Machine | undefined): Promise<string> {
  assert.ok(from)
  const { spec } = await joined.cluster.json<Node>('get', 'node', node)
  return runOn(from, 'ip', 'route', 'show', spec.podCIDR ?? '')
}

/** Each machine's node port leads to the pod of each. */
async function nodePortsAnswer(at: Iterable<string>): Promise<void> {
  for (const address of at) {
    for (const node of nodes) {
      const { spec } = await joined.cluster.json<Service>('get', 'service', `peer-${node}`)
      const url = `http://${address}:${spec.ports?.[0]?.nodePort}/name`
      await until(`${url} is ${node}`, async () => (await get(url)).body.trim() === node)
    }
  }
}

const addresses = () => [...joined.addresses().values()].map(({ address }) => address)

test('pods of machines on one link go plainly, those of one behind a router by the tunnel; each reaches each', async () => {
  await startPeers(joined, nodes)
  assert.match(await wayTo('node-1', beside), / via 10\.210\.0\.1 dev eth0 /)
  assert.match(await wayTo('w2', beside), / dev reckon-vxlan /)
  for (const node of ['node-1', 'w1']) {
    assert.match(await wayTo(node, beyond), / dev reckon-vxlan /)
  }
  await eachReachesEach(joined)
  await nodePortsAnswer(addresses())
})

test('a gigabyte each way at once through the tunnel arrives as it was sent', async () => {
  await startEnds(joined, 'pods', ['w1', 'w2'])
  await arrivesAsSent(joined)
})

test('a machine behind the router gets another address, and the tunnel leads there', async () => {
  beyond?.readdress(elsewhere)
  await until('it is told of there', async () => {
    const { status } = await joined.cluster.json<Node>('get', 'node', 'w2')
    const internal = status?.addresses?.find(({ type }) => type === 'InternalIP')
    return internal?.address === elsewhere && (await joined.isReady('w2'))
  })
  await until('each reaches each', () =>
    eachReachesEach(joined).then(
      () => true,
      () => false,
    ),
  )
  await nodePortsAnswer([joined.lab.address, elsewhere])
})

test('once it has left no tunnel is anywhere, and those on the link reach each other as before', async () => {
  assert.ok(beside && beyond)
  await joined.leave('w2')
  const links = (machine: Machine) => runOn(machine, 'ip', '-br', 'link')
  for (const machine of [beside, beyond]) {
    await until('the tunnel is gone', async () => !/vxlan/.test(await links(machine)))
  }
  await joined.cluster.kubectl('delete', 'pod', 'w2', 'pods-w2', '--force', '--ignore-not-found')
  await eachReachesEach(joined)
})
