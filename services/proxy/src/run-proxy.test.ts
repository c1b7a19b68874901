import assert from 'node:assert/strict'
import { afterEach, beforeEach, test } from 'node:test'
import { encodeFrames } from '@reckon/eventing/bus'
import {
  createMemoryClock,
  createMemoryHub,
  type MemoryBus,
  type MemoryClock,
} from '@reckon/eventing/memory'
import type { KubernetesObject } from '@reckon/kubernetes'
import {
  type NodeChange,
  type NodeUpsert,
  nodeApplied,
  nodeRead,
  sharedEvents,
} from '@reckon/node-plane'
import type { DnsZone, Edge, PacketRules } from '@reckon/routing'
import { type ProxyStatus, runProxy } from './run-proxy.ts'

const cause = { id: 'event', correlationId: 'request' }
const settings = {
  domain: 'cluster.local',
  clusterCidr: '10.244.0.0/16',
  serviceCidr: '10.96.0.0/12',
  clusterDns: '169.254.20.10',
}

let clock: MemoryClock
let api: MemoryBus
let proxy: MemoryBus
let stop: AbortController
let running: Promise<void>
let applied: string[]
let packets: PacketRules[]
let zones: DnsZone[]
let edges: Edge[]
let warnings: { key?: string; loop?: string }[]
let failure: Error | undefined
/** Of what balancers hear. */
let healthFailure: Error | undefined
let status: () => ProxyStatus
/** What the api answers to a read. */
let state: { position: string; objects: NodeUpsert[] }

beforeEach(() => {
  clock = createMemoryClock()
  const hub = createMemoryHub({ clock })
  api = hub.connect('api')
  proxy = hub.connect('proxy')
  stop = new AbortController()
  applied = []
  packets = []
  zones = []
  edges = []
  warnings = []
  failure = undefined
  healthFailure = undefined
  state = { position: '10', objects: [endpoints, service('10.96.0.7')] }
  api.subscribe(nodeRead('node-1'), (message) => {
    const order = { read: 'r', page: 1, pages: 1, position: state.position }
    const page = { ...order, cluster: 'c', settings, changes: state.objects }
    message.respond(encode(page))
    message.respond(new Uint8Array())
  })
  api.subscribe(nodeApplied('node-1'), ({ data }) => {
    applied.push(JSON.parse(new TextDecoder().decode(data)).position)
  })
})

afterEach(async () => {
  stop.abort()
  await running
})

test('what a node reads reaches the outputs, and the position is told at once and every second', async () => {
  await start()
  assert.deepEqual(applied, ['10'])
  assert.deepEqual(addresses(), ['10.96.0.7'])
  await clock.advance(2_000)
  assert.deepEqual(applied, ['10', '10', '10'])
})

test('a change on the wire is applied and told; one that concerns no route only moves the position', async () => {
  await start()
  publish('10', '12', [service('10.96.0.8')])
  await clock.advance(0)
  assert.deepEqual(addresses(), ['10.96.0.8'])
  publish('12', '15', [{ ...service('10.96.0.9'), resource: 'pods' }])
  await clock.advance(0)
  assert.equal(packets.length, 2)
  assert.deepEqual(applied, ['10', '12', '15'])
})

test('an output that fails holds the position back, and is given the newest a second later', async () => {
  await start()
  failure = new Error('no such device')
  publish('10', '12', [service('10.96.0.8')])
  await clock.advance(0)
  assert.deepEqual(status().failures, ['packets: no such device'])
  assert.equal(applied.at(-1), '10')
  failure = undefined
  publish('12', '13', [service('10.96.0.9')])
  await clock.advance(1_000)
  assert.deepEqual(addresses(), ['10.96.0.9'])
  assert.equal(applied.at(-1), '13')
  assert.deepEqual(status(), { position: 13n, applied: 13n, failures: [], troubles: [] })
})

test('a port at which balancers ask, and another program listens, holds no position back', async () => {
  await start()
  healthFailure = new Error('listen EADDRINUSE')
  publish('10', '12', [service('10.96.0.8')])
  await clock.advance(0)
  assert.deepEqual(status().troubles, ['health: listen EADDRINUSE'])
  assert.equal(applied.at(-1), '12')
})

test('before the first read nothing is applied and nothing told', async () => {
  api.lose()
  await start()
  await clock.advance(3_000)
  assert.deepEqual([packets, applied], [[], []])
})

test('a Service or Ingress that a bug keeps from being routed is left out, told once, and the others are served', async () => {
  const odd = (name: string, spec: unknown): NodeUpsert => {
    const { object } = service('10.96.0.66')
    const metadata = { ...object.metadata, name, resourceVersion: '1' }
    return { ...service(''), object: { ...object, metadata, spec } as KubernetesObject }
  }
  state.objects.push(
    odd('odd', { clusterIPs: 5 }),
    odd('odd-name', { type: 'ExternalName', externalName: 5 }),
    ingress('odd', [{ host: 5 }]),
    ingress('web', [{ host: 'web.test', http: { paths: [path] } }]),
  )
  await start()
  assert.deepEqual(addresses(), ['10.96.0.7'])
  assert.ok(zones.at(-1)?.records.has('web.default.svc.cluster.local'))
  assert.deepEqual([...(edges.at(-1)?.clusters.keys() ?? [])], ['default/web:80'])
  publish('10', '12', [service('10.96.0.8')])
  await clock.advance(0)
  assert.deepEqual(addresses(), ['10.96.0.8'])
  assert.equal(applied.at(-1), '12')
  assert.deepEqual(warnings.map(({ loop, key }) => `${loop} ${key}`).sort(), [
    'ingresses default/odd',
    'names default/odd-name',
    'services default/odd',
  ])
})

async function start(): Promise<void> {
  running = runProxy(
    {
      bus: proxy,
      clock,
      log: { info: () => {}, warn: (fields: object) => warnings.push(fields) },
      openDataplane: async (received) => {
        assert.deepEqual(received, settings)
        const apply = async (rules: PacketRules) => {
          if (failure) throw failure
          packets.push(rules)
        }
        return {
          packets: { apply },
          health: {
            apply: async () => {
              if (healthFailure) throw healthFailure
            },
          },
          names: { apply: async (zone: DnsZone) => void zones.push(zone) },
          edge: { apply: async (edge: Edge) => void edges.push(edge) },
        }
      },
      report: (source) => {
        status = source
      },
      onFailure: () => {},
    },
    { node: 'node-1', machineNodes: ['node-1'] },
    stop.signal,
  )
  await clock.advance(0)
}

function publish(previous: string, position: string, changes: NodeChange[]): void {
  const content = encode({ changes })
  const entry = { position: BigInt(position), previous: BigInt(previous), content }
  api.publish(sharedEvents, encodeFrames([entry]))
}

const endpoints: NodeUpsert = {
  type: 'Upsert',
  resource: 'endpointslices.discovery.k8s.io',
  object: {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: {
      name: 'web-x',
      namespace: 'default',
      labels: { 'kubernetes.io/service-name': 'web' },
    },
    addressType: 'IPv4',
    endpoints: [{ addresses: ['10.244.1.2'] }],
    ports: [{ port: 8080 }],
  },
  cause,
}

const path = {
  path: '/',
  pathType: 'Prefix',
  backend: { service: { name: 'web', port: { number: 80 } } },
}

const ingress = (name: string, rules: unknown): NodeUpsert => ({
  type: 'Upsert',
  resource: 'ingresses.networking.k8s.io',
  object: {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: { name, namespace: 'default', resourceVersion: '1' },
    spec: { rules },
  } as KubernetesObject,
  cause,
})

/** The addresses that lead somewhere, in what was applied last. */
const addresses = () =>
  [...(packets.at(-1)?.maps.get('addresses')?.keys() ?? [])].map((key) => key.split(' ')[0])

function service(clusterIP: string): NodeUpsert {
  const object: KubernetesObject = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'web', namespace: 'default' },
    spec: { clusterIP, ports: [{ port: 80 }] },
  }
  return { type: 'Upsert', resource: 'services', object, cause }
}

const encode = (value: unknown) => new TextEncoder().encode(JSON.stringify(value))
