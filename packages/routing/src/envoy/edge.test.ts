import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { HostRules, IngressHosts } from '../ingresses/path-rule.ts'
import type { RoutedService } from '../services/service-map.ts'
import { edge } from './edge.ts'
import { fixedConfig } from './fixed-config.ts'
import { printYaml } from './print.ts'
import { scopeOf } from './scope.ts'

const host = (
  name: string,
  service: string,
  path = '/',
  port: number | string = 80,
): HostRules => ({
  host: name,
  paths: [
    {
      match: 'Prefix',
      path,
      backend: { namespace: 'default', service, port },
      origin: { ingress: 'default/site', position: '7' },
    },
  ],
})
const hosts = (...rules: HostRules[]): IngressHosts =>
  new Map(rules.map((rule) => [rule.host, rule]))
const web: RoutedService = {
  namespace: 'default',
  name: 'web',
  clusterIPs: ['10.96.0.7'],
  ports: [
    {
      name: 'http',
      protocol: 'TCP',
      port: 80,
      appProtocol: 'kubernetes.io/h2c',
      endpoints: [{ address: '10.244.1.2', port: 8080 }],
    },
  ],
  endpoints: [],
}
const services = new Map([['default/web', web]])
type Scope = {
  route_configuration: {
    request_headers_to_remove: string[]
    virtual_hosts: {
      domains: string[]
      routes: { match: object; route: object; metadata: object }[]
    }[]
  }
}
const scope = (made: ReturnType<typeof edge>, name: string) =>
  (made.scopes.get(name) as unknown as Scope | undefined)?.route_configuration

test('hosts of one Service share its cluster; endpoints stand apart from it', () => {
  const made = edge(hosts(host('a.test', 'web'), host('b.test', 'web')), services)
  assert.deepEqual([...made.clusters.keys()], ['default/web:80'])
  assert.match(JSON.stringify(made.clusters.get('default/web:80')), /http2_protocol_options/)
  assert.match(
    JSON.stringify(made.endpoints.get('default/web:80')),
    /"10.244.1.2","port_value":8080/,
  )
})

test('a port may be named; a Service that is missing has a cluster without endpoints', () => {
  const made = edge(hosts(host('a.test', 'web', '/', 'http'), host('b.test', 'no')), services)
  assert.match(JSON.stringify(made.endpoints.get('default/web:http')), /10.244.1.2/)
  assert.match(JSON.stringify(made.endpoints.get('default/no:80')), /"lb_endpoints":\[\]/)
})

test('of the same endpoints it is the same object; for a Service that is missing none is kept', () => {
  const wanted = hosts(host('a.test', 'web'), host('b.test', 'no'))
  const [one, other] = [edge(wanted, services), edge(wanted, services)]
  const [served, missing] = ['default/web:80', 'default/no:80']
  assert.equal(one.endpoints.get(served), other.endpoints.get(served))
  assert.notEqual(one.endpoints.get(missing), other.endpoints.get(missing))
  assert.deepEqual(one.endpoints.get(missing), other.endpoints.get(missing))
})

test('a host stands in the scope of its hash only, a wildcard in every scope', () => {
  const plain = edge(hosts(host('a.test', 'web')), services)
  assert.deepEqual([...plain.scopes.keys()], [scopeOf('A.test:8080')])
  const wild = edge(hosts(host('a.test', 'web'), host('*.test', 'web')), services)
  assert.equal(wild.scopes.size, 256)
  const domains = scope(wild, scopeOf('a.test'))?.virtual_hosts.flatMap((each) => each.domains)
  assert.deepEqual(domains, ['a.test', '*.test'])
  assert.deepEqual(scope(wild, scopeOf('a.test'))?.request_headers_to_remove, ['x-reckon-scope'])
})

test('what may not be repeated is retried only while no pod has seen it; each route names its origin', () => {
  const made = edge(hosts(host('a.test', 'web', '/app')), services)
  const routes = scope(made, scopeOf('a.test'))?.virtual_hosts[0]?.routes ?? []
  assert.equal(routes.length, 2)
  assert.match(JSON.stringify(routes[0]?.match), /"path_separated_prefix":"\/app".*POST\|PATCH/)
  assert.match(JSON.stringify(routes[0]?.route), /reset-before-request"/)
  assert.match(JSON.stringify(routes[1]?.route), /reset-before-request,reset"/)
  assert.deepEqual(routes[1]?.metadata, {
    filter_metadata: { reckon: { ingress: 'default/site', position: '7' } },
  })
})

test('a wildcard matches one label; deeper hosts go by the rules for every host', () => {
  const made = edge(hosts(host('*.foo.test', 'web'), host('*', 'other', '/only')), services)
  const wild = scope(made, 's0')?.virtual_hosts.find(({ domains }) => domains[0] === '*.foo.test')
  const [own = '', , others = ''] = (wild?.routes ?? []).map((route) => JSON.stringify(route))
  assert.ok(own.includes('(?i)[^.]+\\\\.foo\\\\.test'))
  assert.match(own, /default\/web:80/)
  assert.doesNotMatch(own, /invert/)
  assert.match(others, /"path_separated_prefix":"\/only".*"invert_match":true.*default\/other:80/)
})

test('the whole edge can be read as YAML', () => {
  const made = edge(hosts(host('a.test', 'web')), services)
  const text = printYaml(fixedConfig(made, { node: 'n', httpPort: 80 }))
  assert.match(text, /name: default\/web:80/)
  assert.match(text, /address: 10.244.1.2/)
  assert.doesNotMatch(text, /ads|eds_config/)
})

test('as one file each host stands once, and without TLS nothing is sent there', () => {
  const [rule] = host('a.test', 'web').paths
  assert.ok(rule)
  const overTls = { host: 'a.test', paths: [{ ...rule, options: { tlsRedirect: true } }] }
  const pair = { certificates: 'chain', key: 'key' }
  const made = edge(hosts(overTls, host('*.foo.test', 'web')), services, {
    tls: new Map([['a.test', pair]]),
  })
  const printed = (tls: object) => printYaml(fixedConfig(made, { node: 'n', httpPort: 80, ...tls }))
  assert.equal(printed({}).match(/- name: "?\*\.foo\.test/g)?.length, 1)
  assert.doesNotMatch(printed({}), /https_redirect|key/)
  assert.match(printed({ tlsPort: 443 }), /https_redirect/)
})

test('words that YAML 1.1 takes for something else are quoted', () => {
  assert.equal(
    printYaml({ id: 'n', name: 'off', time: '12:30', port: 80 }),
    'id: "n"\nname: "off"\ntime: "12:30"\nport: 80\n',
  )
})
