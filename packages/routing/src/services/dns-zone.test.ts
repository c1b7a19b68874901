import assert from 'node:assert/strict'
import { test } from 'node:test'
import { dnsZone, resolveName } from './dns-zone.ts'
import type { RoutedService } from './service-map.ts'

const service = (name: string, over: Partial<RoutedService>): [string, RoutedService] => [
  `default/${name}`,
  { namespace: 'default', name, clusterIPs: [], ports: [], endpoints: [], ...over },
]
const http = { name: 'http', protocol: 'TCP' as const, port: 80 }

const zone = dnsZone(
  new Map([
    service('web', { clusterIPs: ['10.96.0.7'], ports: [{ ...http, endpoints: [] }] }),
    service('db', {
      endpoints: [
        { address: '10.244.1.2', hostname: 'db-0', ports: [{ ...http, port: 5432 }] },
        { address: '10.244.1.3', hostname: '10-244-1-3', ports: [] },
      ],
    }),
    service('outside', { externalName: 'Example.test.' }),
    service('inside', { externalName: 'web.default.svc.cluster.local' }),
    service('lost', { externalName: 'nothing.default.svc.cluster.local' }),
    service('round', { externalName: 'round.default.svc.cluster.local' }),
  ]),
  {
    domain: 'cluster.local',
    clusterCidr: '10.244.0.0/16',
    serviceCidr: '10.96.0.0/16',
    clusterDns: '169.254.20.10',
  },
)
const ask = (name: string, type = 'A') => {
  const answer = resolveName(zone, { name, type })
  if (answer.outcome !== 'Found') return answer.outcome
  return answer.answers.map((record) => {
    const { name: _, type: kind, ...data } = record
    return [kind, ...Object.values(data)].join(' ')
  })
}

test('a service has its address, its named ports and its reverse name', () => {
  assert.deepEqual(ask('Web.Default.svc.cluster.local'), ['A 10.96.0.7'])
  assert.deepEqual(ask('_http._tcp.web.default.svc.cluster.local', 'SRV'), [
    'SRV 80 web.default.svc.cluster.local',
  ])
  assert.deepEqual(ask('7.0.96.10.in-addr.arpa', 'PTR'), ['PTR web.default.svc.cluster.local'])
})

test('a headless service has the addresses of its pods, which have names of their own', () => {
  assert.deepEqual(ask('db.default.svc.cluster.local'), ['A 10.244.1.2', 'A 10.244.1.3'])
  assert.deepEqual(ask('db-0.db.default.svc.cluster.local'), ['A 10.244.1.2'])
  assert.deepEqual(ask('10-244-1-3.db.default.svc.cluster.local'), ['A 10.244.1.3'])
  assert.deepEqual(ask('2.1.244.10.in-addr.arpa', 'PTR'), ['PTR db-0.db.default.svc.cluster.local'])
  const answer = resolveName(zone, { name: '_http._tcp.db.default.svc.cluster.local', type: 'SRV' })
  assert.equal(answer.outcome, 'Found')
  assert.deepEqual(answer.outcome === 'Found' && answer.additionals.map(({ name }) => name), [
    'db-0.db.default.svc.cluster.local',
  ])
})

test('an ExternalName leads on: within the cluster to the end, outside it is left to others', () => {
  assert.deepEqual(ask('inside.default.svc.cluster.local'), [
    'CNAME web.default.svc.cluster.local',
    'A 10.96.0.7',
  ])
  const outside = resolveName(zone, { name: 'outside.default.svc.cluster.local', type: 'A' })
  assert.equal(outside.outcome === 'Found' && outside.alias, 'example.test')
  assert.deepEqual(ask('lost.default.svc.cluster.local'), [
    'CNAME nothing.default.svc.cluster.local',
  ])
  assert.equal(ask('round.default.svc.cluster.local').length, 8)
})

test('a name that exists without such a record is not unknown', () => {
  assert.deepEqual(ask('web.default.svc.cluster.local', 'AAAA'), [])
  assert.deepEqual(ask('default.svc.cluster.local'), [])
  assert.deepEqual(ask('cluster.local'), [])
})

test('what the cluster does not know is unknown within it and left to others outside', () => {
  assert.equal(ask('nothing.default.svc.cluster.local'), 'NoSuchName')
  assert.equal(ask('web.default.svc.cluster.local.default.svc.cluster.local'), 'NoSuchName')
  assert.equal(ask('9.9.244.10.in-addr.arpa', 'PTR'), 'NoSuchName')
  assert.equal(ask('9.9.9.9.in-addr.arpa', 'PTR'), 'Outside')
  assert.equal(ask('example.test'), 'Outside')
  assert.equal(ask('notcluster.local'), 'Outside')
})

test('the zone says who answers for it, and which form of names it has', () => {
  assert.deepEqual(ask('cluster.local', 'NS'), ['NS ns.dns.cluster.local'])
  assert.deepEqual(ask('cluster.local', 'SOA'), [
    'SOA ns.dns.cluster.local hostmaster.cluster.local',
  ])
  assert.deepEqual(ask('ns.dns.cluster.local'), ['A 169.254.20.10'])
  assert.deepEqual(ask('dns-version.cluster.local', 'TXT'), ['TXT 1.1.0'])
  const answer = resolveName(zone, { name: 'cluster.local', type: 'NS' })
  assert.ok(answer.outcome === 'Found')
  assert.deepEqual(answer.additionals, [
    { type: 'A', name: 'ns.dns.cluster.local', address: '169.254.20.10' },
  ])
})

test("a pod's address has a name in every namespace; what is none of pods has not", () => {
  assert.deepEqual(ask('10-244-1-5.shop.pod.cluster.local'), ['A 10.244.1.5'])
  assert.deepEqual(ask('10-244-1-5.shop.pod.cluster.local', 'TXT'), [])
  assert.deepEqual(ask('shop.pod.cluster.local'), [])
  assert.deepEqual(ask('pod.cluster.local'), [])
  for (const name of ['8-8-8-8.shop', '10-244-1.shop', 'x.10-244-1-5.shop', 'web.shop']) {
    assert.equal(ask(`${name}.pod.cluster.local`), 'NoSuchName', name)
  }
})
