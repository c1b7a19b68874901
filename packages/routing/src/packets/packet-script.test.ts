import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { RoutedPort } from '../services/routed-port.ts'
import type { RoutedService } from '../services/service-map.ts'
import { packetRules } from './packet-rules.ts'
import { fullPacketScript, packetScriptDelta } from './packet-script.ts'

const rules = (count: number, over: Partial<RoutedService> = {}) => {
  const endpoints = Array.from({ length: count }, (_, index) => ({
    address: `10.244.1.${index + 2}`,
    port: 8080,
  }))
  const web: RoutedService = {
    namespace: 'default',
    name: 'web',
    clusterIPs: ['10.96.0.7'],
    ports: [{ name: '', protocol: 'TCP', port: 80, endpoints }],
    endpoints: [],
    ...over,
  }
  return packetRules(new Map([['default/web', web]]), {
    nodes: new Set(['here']),
    serviceCidr: '10.96.0.0/16',
  })
}

const ranges = { serviceCidr: '10.96.0.0/16', clusterCidr: '10.244.0.0/16' }

test('an address leads to the chain for the number of its endpoints', () => {
  const { maps, chains } = rules(2)
  assert.deepEqual([...(maps.get('addresses') ?? [])], [['10.96.0.7 . tcp . 80', 'goto address-2']])
  assert.deepEqual(
    [...(maps.get('address-endpoints') ?? [])],
    [
      ['10.96.0.7 . tcp . 80 . 0', '10.244.1.2 . 8080'],
      ['10.96.0.7 . tcp . 80 . 1', '10.244.1.3 . 8080'],
    ],
  )
  assert.deepEqual([...chains.keys()], ['address-2'])
})

test('a port without an endpoint is absent, so that the guard rejects it', () => {
  const { maps } = rules(0)
  assert.deepEqual([...maps.keys()], [])
})

test('a client with session affinity is remembered for so long, by what is the same whoever comes beside it', () => {
  const [few, many] = [rules(1, { affinitySeconds: 60 }), rules(3, { affinitySeconds: 60 })]
  assert.deepEqual([...many.chains.keys()], ['address-3-sticky-60'])
  const idOf = ({ maps }: typeof few) =>
    maps.get('address-endpoint-ids')?.get('10.96.0.7 . tcp . 80 . 0')
  assert.equal(idOf(few), idOf(many))
  const target = many.maps.get('address-endpoints')?.get(`10.96.0.7 . tcp . 80 . ${idOf(many)}`)
  assert.equal(target, '10.244.1.2 . 8080')
})

const port = (over: Partial<RoutedPort>): Partial<RoutedService> => ({
  ports: [{ name: '', protocol: 'TCP', port: 80, nodePort: 30001, endpoints: [], ...over }],
})
const here = { address: '10.244.1.2', port: 8080, node: 'here' }
const elsewhere = { address: '10.244.2.2', port: 8080, node: 'elsewhere' }

test('an internal policy Local leads to endpoints of this machine only', () => {
  const endpoints = [here, elsewhere]
  const { maps } = rules(0, { isInternalLocal: true, ...port({ endpoints }) })
  assert.equal(maps.get('addresses')?.get('10.96.0.7 . tcp . 80'), 'goto address-1')
  assert.equal(maps.get('node-ports')?.get('tcp . 30001'), 'goto node-port-2-masquerade')
  const away = rules(0, { isInternalLocal: true, ...port({ endpoints: [elsewhere] }) })
  assert.equal(away.maps.get('addresses')?.size ?? 0, 0)
})

test('where an external policy is Local, a client from outside reaches endpoints of this machine only, and shows itself', () => {
  const endpoints = [here, elsewhere]
  const { maps } = rules(0, { isExternalLocal: true, ...port({ endpoints }) })
  assert.equal(maps.get('node-ports')?.get('tcp . 30001'), 'goto node-port-2-masquerade')
  assert.equal(maps.get('node-ports-outside')?.get('tcp . 30001'), 'goto node-port-1-outside')
  assert.equal(maps.get('node-port-endpoints')?.get('tcp . 30001 . 65536'), '10.244.1.2 . 8080')
  const away = rules(0, { isExternalLocal: true, ...port({ endpoints: [elsewhere] }) })
  assert.equal(away.maps.get('node-ports-outside')?.get('tcp . 30001'), 'accept')
})

test('on this machine, too, those that terminate and still serve are the last resort', () => {
  const unready = [{ ...here, isServing: true }]
  const { maps } = rules(0, { isInternalLocal: true, ...port({ endpoints: [elsewhere], unready }) })
  assert.equal(maps.get('address-endpoints')?.get('10.96.0.7 . tcp . 80 . 0'), '10.244.1.2 . 8080')
})

test("a balanced address leads to the Service's own ports; an address of services never does", () => {
  const { maps } = rules(1, { outsideIPs: ['192.0.2.1', '10.96.0.9'] })
  assert.deepEqual(
    [...(maps.get('addresses') ?? [])],
    [
      ['10.96.0.7 . tcp . 80', 'goto address-1'],
      ['192.0.2.1 . tcp . 80', 'goto address-1-masquerade'],
    ],
  )
})

test('who is not ready keeps its connections, but no flow of datagrams', () => {
  const unready = [{ ...elsewhere, isServing: false }]
  const keys = (over: Partial<RoutedPort>) => [
    ...(rules(0, port({ endpoints: [here], unready, ...over }))
      .maps.get('address-served')
      ?.keys() ?? []),
  ]
  assert.deepEqual(keys({}), [
    '10.96.0.7 . tcp . 80 . 10.244.1.2 . 8080',
    '10.96.0.7 . tcp . 80 . 10.244.2.2 . 8080',
  ])
  assert.deepEqual(keys({ protocol: 'UDP' }), ['10.96.0.7 . udp . 80 . 10.244.1.2 . 8080'])
})

test('nothing changed is nothing to do', () => {
  assert.equal(packetScriptDelta(rules(2), rules(2)), '')
})

test('one endpoint more changes a few elements, and the chains that are used', () => {
  assert.equal(
    packetScriptDelta(rules(1), rules(2)),
    `delete element ip reckon addresses { 10.96.0.7 . tcp . 80 }
add chain ip reckon address-2
add rule ip reckon address-2 ct mark set ct mark | 0x8000
add rule ip reckon address-2 meta mark set numgen random mod 2 offset 0
add rule ip reckon address-2 meta l4proto { tcp, udp } dnat ip to ip daddr . meta l4proto . th dport . meta mark map @address-endpoints
add element ip reckon address-endpoints { 10.96.0.7 . tcp . 80 . 1 : 10.244.1.3 . 8080 }
add element ip reckon address-served { 10.96.0.7 . tcp . 80 . 10.244.1.3 . 8080 }
add element ip reckon addresses { 10.96.0.7 . tcp . 80 : goto address-2 }
add element ip reckon hairpins { 10.244.1.3 . 10.244.1.3 }
delete chain ip reckon address-1
`,
  )
})

test('the whole table replaces what was there', () => {
  const script = fullPacketScript(rules(1), ranges)
  assert.ok(script.startsWith('table ip reckon\ndelete table ip reckon\n'))
  assert.match(script, /ip daddr 10\.96\.0\.0\/16 goto reject-unserved/)
  assert.match(
    script,
    /add element ip reckon address-endpoints \{ 10\.96\.0\.7 \. tcp \. 80 \. 0 :/,
  )
})
