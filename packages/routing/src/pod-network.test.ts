import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Node } from '@reckon/kubernetes'
import { podNetwork } from './pod-network.ts'

const info = {
  ...{ architecture: '', bootID: '', containerRuntimeVersion: '', kernelVersion: '' },
  ...{ kubeProxyVersion: '', kubeletVersion: '', operatingSystem: '', osImage: '', systemUUID: '' },
}
const node = (number: number, address: string, machineID = `machine-${number}`): Node => ({
  ...{ apiVersion: 'v1', kind: 'Node', metadata: { name: `node-${number}` } },
  spec: { podCIDR: `10.244.${number}.0/24` },
  status: { addresses: [{ type: 'InternalIP', address }], nodeInfo: { ...info, machineID } },
})
const eth0 = { name: 'eth0', address: '192.0.2.11', prefix: 24, mtu: 1500 }
const machine = {
  nodes: new Set(['node-1']),
  links: [eth0],
  clusterCidr: '10.244.0.0/16',
}

test('alone, a machine needs nothing', () => {
  const network = podNetwork([node(1, '192.0.2.11')], machine)
  assert.deepEqual(network, { direct: [], unreached: [] })
})

test('a machine on the same link is reached plainly, another one by a tunnel that leaves it room', () => {
  const nodes = [node(1, '192.0.2.11'), node(2, '192.0.2.12'), node(3, '198.51.100.13')]
  assert.deepEqual(podNetwork(nodes, machine), {
    direct: [{ range: '10.244.2.0/24', via: '192.0.2.12', link: 'eth0' }],
    tunnel: {
      link: 'eth0',
      local: '192.0.2.11',
      address: '10.244.1.0',
      mac: '02:fe:c0:00:02:0b',
      mtu: 1450,
      routes: [{ range: '10.244.3.0/24', peer: '198.51.100.13' }],
      peers: [{ address: '198.51.100.13', mac: '02:fe:c6:33:64:0d' }],
    },
    unreached: [],
  })
})

test('nodes that share a machine are where the one with its address is; those here need no way', () => {
  const there = [node(3, '192.0.2.12'), node(4, '10.244.4.1', 'machine-3')]
  const here = [node(1, '192.0.2.11'), node(2, '10.244.2.1', 'machine-1')]
  const { direct, tunnel, unreached } = podNetwork([...here, ...there], {
    ...machine,
    nodes: new Set(['node-1', 'node-2']),
  })
  const routes = direct.map(({ range, via }) => `${range} ${via}`)
  assert.deepEqual(routes, ['10.244.3.0/24 192.0.2.12', '10.244.4.0/24 192.0.2.12'])
  assert.deepEqual([tunnel, unreached], [undefined, []])
})

test('who has no range yet is not led to; who has no address that is known is told', () => {
  const rangeless = { ...node(2, '192.0.2.12'), spec: {} }
  const { direct, unreached } = podNetwork(
    [node(1, '192.0.2.11'), rangeless, node(3, '10.244.3.1')],
    machine,
  )
  assert.deepEqual([direct, unreached], [[], ['node-3']])
  const elsewhere = { ...machine, links: [{ ...eth0, address: '203.0.113.1' }] }
  const lost = podNetwork([node(1, '192.0.2.11'), node(2, '192.0.2.12')], elsewhere)
  assert.deepEqual(lost.unreached, ['node-2'])
})
