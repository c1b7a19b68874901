import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createMemoryClock } from '@reckon/eventing/memory'
import { keepHostNetwork, wantedAfter } from './keep-host-network.ts'

const port =
  '5: veth1a2b3c4@if6: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue master reckon0 state UP group default'
const unbound =
  '5: veth1a2b3c4@veth5d6e7f8: <BROADCAST,MULTICAST> mtu 1500 qdisc noop state DOWN group default'

test('of the links of containers those matter that are ports of the pods’ bridge', () => {
  const messages = {
    [port]: 'Ports',
    [port.replace('reckon0', 'reckon01')]: 'Nothing',
    [unbound]: 'Nothing',
    [`Deleted ${port}`]: 'Nothing',
    '5: veth1a2b3c4    inet6 fe80::1/64 scope link': 'Nothing',
    '4: reckon0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 state UP': 'All',
    '2: eth0    inet 192.0.2.1/24 scope global eth0': 'All',
    'Deleted 7: reckon-dns: <BROADCAST,MULTICAST> mtu 1500': 'All',
  }
  for (const [message, wanted] of Object.entries(messages)) {
    assert.equal(wantedAfter(message, 'reckon0'), wanted, message)
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
      settlePorts: async () => void settled.push('ports'),
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
  assert.deepEqual(await told(unbound, port, port), ['ports'])
  assert.deepEqual(await told('2: eth0: <UP>', port), ['all'])
  settled.length = 0
  // Ports that come and go all the time hold up nothing.
  for (let second = 0; second < 30; second++) {
    tell(port)
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
      ...{ clock, podBridge: 'reckon0', settlePorts: async () => {}, onFailure: assert.fail },
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
