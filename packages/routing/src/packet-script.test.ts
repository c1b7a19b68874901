import assert from 'node:assert/strict'
import { test } from 'node:test'
import { packetRules } from './packet-rules.ts'
import { fullPacketScript, packetScriptDelta } from './packet-script.ts'
import type { RoutedService } from './service-map.ts'

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
  return packetRules(new Map([['default/web', web]]))
}

test('an address leads to the chain for the number of its endpoints', () => {
  const { clusterIps, endpoints, chains } = rules(2)
  assert.deepEqual([...clusterIps], [['10.96.0.7 . tcp . 80', 'goto cluster-ip-2']])
  assert.deepEqual(
    [...endpoints],
    [
      ['10.96.0.7 . tcp . 80 . 0', '10.244.1.2 . 8080'],
      ['10.96.0.7 . tcp . 80 . 1', '10.244.1.3 . 8080'],
    ],
  )
  assert.deepEqual([...chains.keys()], ['cluster-ip-2'])
})

test('a port without an endpoint is absent, so that the guard rejects it', () => {
  assert.equal(rules(0).clusterIps.size, 0)
})

test('with session affinity the choice is a hash of the client', () => {
  const { chains } = rules(2, { affinitySeconds: 60 })
  assert.match(chains.get('cluster-ip-sticky-2')?.[0] ?? '', /jhash ip saddr mod 2/)
})

test('nothing changed is nothing to do', () => {
  assert.equal(packetScriptDelta(rules(2), rules(2)), '')
})

test('one endpoint more changes a few elements, and the chains that are used', () => {
  assert.equal(
    packetScriptDelta(rules(1), rules(2)),
    `delete element ip reckon cluster-ips { 10.96.0.7 . tcp . 80 }
add chain ip reckon cluster-ip-2
add rule ip reckon cluster-ip-2 meta mark set numgen random mod 2
add rule ip reckon cluster-ip-2 meta l4proto { tcp, udp, sctp } dnat ip to ip daddr . meta l4proto . th dport . meta mark map @endpoints
add element ip reckon cluster-ips { 10.96.0.7 . tcp . 80 : goto cluster-ip-2 }
add element ip reckon endpoints { 10.96.0.7 . tcp . 80 . 1 : 10.244.1.3 . 8080 }
add element ip reckon hairpins { 10.244.1.3 . 10.244.1.3 }
delete chain ip reckon cluster-ip-1
`,
  )
})

test('the whole table replaces what was there', () => {
  const script = fullPacketScript(rules(1), '10.96.0.0/16')
  assert.ok(script.startsWith('table ip reckon\ndelete table ip reckon\n'))
  assert.match(script, /ip daddr 10\.96\.0\.0\/16 goto reject-unserved/)
  assert.match(script, /add element ip reckon endpoints \{ 10\.96\.0\.7 \. tcp \. 80 \. 0 :/)
})
