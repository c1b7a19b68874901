import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Node, Service } from '@reckon/kubernetes'
import { plan } from './plan.ts'

const now = '2026-01-01T00:00:00Z'

const node = (name: string, address: string, over: { ready?: string; labels?: object } = {}) =>
  ({
    metadata: { name, labels: over.labels ?? {} },
    spec: {},
    status: {
      addresses: [
        { type: 'Hostname', address: name },
        { type: 'InternalIP', address },
      ],
      conditions: [{ type: 'Ready', status: over.ready ?? 'True' }],
    },
  }) as Node

const nodes = [node('a', '192.0.2.2'), node('b', '192.0.2.1'), node('c', '192.0.2.1')]

const service = (name: string, spec: Partial<Service['spec']> = {}, created = now): Service => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace: 'shop', uid: name, creationTimestamp: created },
  spec: { type: 'LoadBalancer', ports: [{ port: 80, protocol: 'TCP' }], ...spec },
  status: { loadBalancer: {} },
})

const after = (services: readonly Service[], of: readonly Node[] = nodes): Service[] => {
  const steps = plan(services, of, () => new Set(['a']), now)
  return services.map((each) => ({
    ...each,
    status: steps.find((step) => step.service === each)?.status ?? each.status ?? {},
  }))
}
const addresses = ({ status }: Service) => status?.loadBalancer?.ingress?.map(({ ip }) => ip)

test('a balanced Service has the addresses of all nodes, each once; then there is nothing to do', () => {
  const done = after([service('web')])
  assert.deepEqual(done.map(addresses), [['192.0.2.1', '192.0.2.2']])
  assert.deepEqual(
    plan(done, nodes, () => new Set(), now),
    [],
  )
})

test('nodes that are not Ready, and those that say so, are not balanced to', () => {
  const label = { 'node.kubernetes.io/exclude-from-external-load-balancers': '' }
  const others = [
    node('a', '192.0.2.1', { ready: 'Unknown' }),
    node('b', '192.0.2.2', { labels: label }),
  ]
  assert.deepEqual(after([service('web')], others).map(addresses), [undefined])
  const lost = after(after([service('web')]), others)
  assert.deepEqual(lost[0]?.status, { loadBalancer: {} })
})

test('a port is one Service’s: the oldest gets it, and who has it keeps it', () => {
  const old = service('old', {}, '2025-01-01T00:00:00Z')
  const [young, first] = after([service('young'), old])
  assert.deepEqual(
    [young, first].map((each) => each && addresses(each)?.length),
    [undefined, 2],
  )
  assert.deepEqual(young?.status?.conditions?.[0], {
    type: 'LoadBalancerPortsError',
    status: 'True',
    reason: 'PortTaken',
    message: "tcp/80 is the Service shop/old's",
    lastTransitionTime: now,
  })
  const [kept, late] = after([...after([service('young')]), old])
  assert.deepEqual(
    [kept, late].map((each) => each && addresses(each)?.length),
    [2, undefined],
  )
})

test('who waited for a port gets it once it is free, and no longer says why it waits', () => {
  const [waiting] = after([service('young'), service('old', {}, '2025-01-01T00:00:00Z')])
  assert.ok(waiting?.status?.conditions)
  const [served] = after([waiting])
  assert.deepEqual(Object.keys(served?.status ?? {}), ['loadBalancer'])
})

test('the same port of another protocol is another port', () => {
  const udp = service('udp', { ports: [{ port: 80, protocol: 'UDP' }] })
  assert.deepEqual(
    after([service('web'), udp]).map((each) => addresses(each)?.length),
    [2, 2],
  )
})

test('with an external policy Local only nodes with endpoints count; an address that is wished has to be one of them', () => {
  const local = service('local', { externalTrafficPolicy: 'Local' })
  assert.deepEqual(after([local]).map(addresses), [['192.0.2.2']])
  const wish = (loadBalancerIP: string) =>
    after([service('wish', { loadBalancerIP })]).map(addresses)
  assert.deepEqual(wish('192.0.2.1'), [['192.0.2.1']])
  assert.deepEqual(wish('192.0.2.9'), [undefined])
})

test('another class is somebody else’s; another type has no addresses any more', () => {
  const status = { loadBalancer: { ingress: [{ ip: '203.0.113.1' }] } }
  const foreign = { ...service('foreign', { loadBalancerClass: 'x.test/y' }), status }
  assert.deepEqual(
    plan([foreign], nodes, () => new Set(), now),
    [],
  )
  const [former] = after([{ ...service('former', { type: 'ClusterIP' }), status }])
  assert.deepEqual(former?.status, { loadBalancer: {} })
})
