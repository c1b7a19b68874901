import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createMemoryClock } from '@reckon/eventing/memory'
import { bridgeStateIn, keepHostNetwork, linkIn } from './keep-host-network.ts'

const port =
  '5: veth1a2b3c4@if6: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue master reckon0 state UP group default'
const unbound =
  '5: veth1a2b3c4@veth5d6e7f8: <BROADCAST,MULTICAST> mtu 1500 qdisc noop state DOWN group default'

test('of the links of containers those matter that are ports of the pods’ bridge', () => {
  const messages = {
    [port]: 'Port',
    [port.replace('reckon0', 'reckon01')]: 'Elsewhere',
    [unbound]: 'Elsewhere',
    [port.replace(',UP,LOWER_UP', '')]: 'Elsewhere',
    [`Deleted ${port}`]: 'Gone',
    '5: veth1a2b3c4    inet6 fe80::1/64 scope link': 'Elsewhere',
  }
  for (const [message, is] of Object.entries(messages)) {
    assert.deepEqual(linkIn(message, 'reckon0'), { name: 'veth1a2b3c4', is }, message)
  }
  for (const message of [
    '4: reckon0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 state UP',
    '2: eth0    inet 192.0.2.1/24 scope global eth0',
    'Deleted 7: reckon-dns: <BROADCAST,MULTICAST> mtu 1500',
  ]) {
    assert.equal(linkIn(message, 'reckon0'), undefined, message)
  }
})

const bridge =
  '4: reckon0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP group default event FEATURE CHANGE'

test('of the pods’ bridge it matters whether it is there, and up', () => {
  assert.equal(bridgeStateIn(bridge, 'reckon0'), 'Up')
  assert.equal(bridgeStateIn(bridge.replace('BROADCAST', 'NO-CARRIER'), 'reckon0'), 'Up')
  assert.equal(bridgeStateIn(bridge.replace(',UP,LOWER_UP', ''), 'reckon0'), 'Down')
  assert.equal(bridgeStateIn(`Deleted ${bridge}`, 'reckon0'), 'Gone')
  for (const message of [port, '4: reckon0    inet 10.244.0.1/16', bridge.replace('n0', 'n01')]) {
    assert.equal(bridgeStateIn(message, 'reckon0'), undefined, message)
  }
})

test('a port alone is settled by itself; all is settled after each other change and every ten seconds', async () => {
  const clock = createMemoryClock()
  const stop = new AbortController()
  const settled: string[] = []
  let tell = (_message: string) => {}
  const keeping = keepHostNetwork(
    {
      clock,
      podBridge: 'reckon0',
      settle: async () => void settled.push('all'),
      settlePorts: (ports) => settled.push(...ports),
      onFailure: assert.fail,
      watch: async (_clock, onMessage) => {
        tell = onMessage
      },
    },
    stop.signal,
  )
  const told = async (...messages: string[]) => {
    settled.length = 0
    for (const message of messages) tell(message)
    await clock.advance(1_000)
    return settled
  }
  assert.deepEqual(settled, ['all'])
  assert.deepEqual(await told(unbound), [])
  assert.deepEqual(await told(unbound, port, port), ['veth1a2b3c4'])
  // That it is settled is told, too.
  assert.deepEqual(await told(port), [])
  assert.deepEqual(await told(`Deleted ${port}`, port), ['veth1a2b3c4'])
  // With each port the kernel tells of the bridge, too.
  assert.deepEqual(await told(bridge), ['all'])
  assert.deepEqual(await told(port.replace('veth1', 'veth3'), bridge), ['veth3a2b3c4'])
  assert.deepEqual(await told(bridge.replace(',UP,LOWER_UP', ''), bridge), ['all'])
  const another = port.replace('veth1', 'veth2')
  assert.deepEqual(await told('2: eth0: <UP>', another), ['veth2a2b3c4', 'all'])
  settled.length = 0
  // Ports that come and go all the time hold up nothing.
  for (let second = 0; second < 30; second++) {
    tell(port.replace('veth1', `veth${second}`))
    await clock.advance(1_000)
  }
  assert.equal(settled.filter((each) => each === 'all').length, 3)
  stop.abort()
  await clock.advance(1_000)
  await keeping
})

test('a clock that is set back holds up nothing', async () => {
  const machine = createMemoryClock()
  let errorMs = 0
  const clock = { now: () => machine.now() + errorMs, sleep: machine.sleep }
  const stop = new AbortController()
  let settled = 0
  const keeping = keepHostNetwork(
    {
      ...{ clock, podBridge: 'reckon0', settlePorts: () => {}, onFailure: assert.fail },
      settle: async () => void settled++,
      watch: async () => {},
    },
    stop.signal,
  )
  await machine.advance(5_000)
  errorMs = -3_600_000
  await machine.advance(30_000)
  assert.equal(settled, 4)
  stop.abort()
  await machine.advance(1_000)
  await keeping
})
