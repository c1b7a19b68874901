import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import type { Edge } from '@reckon/routing'
import type { DeltaRequest, DeltaResponse } from './delta-message.ts'
import { DeltaStream } from './delta-stream.ts'
import {
  certificateType,
  clusterType,
  endpointsType,
  ResourceTable,
  scopeType,
} from './resource-table.ts'

let table: ResourceTable
let stream: DeltaStream
let sent: DeltaResponse[]
let rejected: string[]

beforeEach(() => {
  sent = []
  rejected = []
  table = new ResourceTable()
  stream = open()
})

const open = () =>
  new DeltaStream({
    table,
    send: (response) => sent.push(response),
    onAnswered: (_type, rejection) => rejection !== undefined && rejected.push(rejection),
  })

const objects = (texts: Record<string, string>) =>
  new Map(
    Object.entries(texts).map(([name, text]) => [
      name,
      { '@type': text, name, route_configuration: { virtual_hosts: [] } },
    ]),
  )
const edge = (over: Partial<Record<keyof Edge, Record<string, string>>>): Edge => ({
  clusters: objects(over.clusters ?? {}),
  endpoints: objects(over.endpoints ?? {}),
  scopes: objects(over.scopes ?? {}),
  certificates: objects(over.certificates ?? {}),
})
const request = (type: string, over: Partial<DeltaRequest> = {}) =>
  stream.receive({
    type_url: type,
    resource_names_subscribe: [],
    resource_names_unsubscribe: [],
    initial_resource_versions: {},
    ...over,
  })
const acknowledge = ({ type, nonce }: DeltaResponse, error?: string) =>
  request(type, { response_nonce: nonce, ...(error ? { error_detail: { message: error } } : {}) })
/** What was sent since the last time, as `type +added -removed`, all of it taken. */
const taken = (): string[] => {
  const lines: string[] = []
  for (let response = sent.shift(); response; response = sent.shift()) {
    lines.push(lineOf(response))
    acknowledge(response)
  }
  return lines
}
const lineOf = ({ type, resources, removed }: DeltaResponse) =>
  [
    type.slice(type.lastIndexOf('.') + 1),
    ...resources.map(({ name }) => `+${name}`),
    ...removed.map((name) => `-${name}`),
  ].join(' ')

const web = edge({ clusters: { web: '1' }, endpoints: { web: '1' }, scopes: { s1: '1' } })

function subscribeToAll(): void {
  request(clusterType)
  request(scopeType)
  request(endpointsType, { resource_names_subscribe: ['web'] })
}

test('the first answer comes even when there is nothing: Envoy waits for it', () => {
  request(clusterType)
  request(scopeType)
  assert.deepEqual(taken(), ['Cluster', 'ScopedRouteConfiguration'])
})

test('a route comes only when the endpoints of its cluster were taken', () => {
  table.replace(web)
  request(clusterType)
  request(scopeType)
  assert.deepEqual(taken(), ['Cluster +web'])
  request(endpointsType, { resource_names_subscribe: ['web'] })
  assert.deepEqual(taken(), ['ClusterLoadAssignment +web', 'ScopedRouteConfiguration +s1'])
  assert.ok(stream.isSettled())
})

test('endpoints change at once, though other answers are awaited', () => {
  table.replace(web)
  subscribeToAll()
  taken()
  table.replace(edge({ clusters: { web: '1' }, endpoints: { web: '2' }, scopes: { s1: '2' } }))
  stream.push()
  assert.deepEqual(sent.map(lineOf), ['ClusterLoadAssignment +web', 'ScopedRouteConfiguration +s1'])
  table.replace(edge({ clusters: { web: '1' }, endpoints: { web: '3' }, scopes: { s1: '2' } }))
  stream.push()
  assert.equal(sent.length, 3)
})

test('a cluster goes after the routes that led to it', () => {
  table.replace(web)
  subscribeToAll()
  taken()
  table.replace(edge({}))
  stream.push()
  assert.deepEqual(sent.map(lineOf), ['ClusterLoadAssignment -web', 'ScopedRouteConfiguration -s1'])
  assert.deepEqual(taken().slice(2), ['Cluster -web'])
})

test('after a reconnect only what differs is told', () => {
  table.replace(web)
  const versions = (type: string) =>
    Object.fromEntries([...table.of(type).values()].map(({ name, version }) => [name, version]))
  request(clusterType, { initial_resource_versions: { ...versions(clusterType), old: 'x' } })
  request(endpointsType, {
    resource_names_subscribe: ['web'],
    initial_resource_versions: versions(endpointsType),
  })
  request(scopeType, { initial_resource_versions: { s1: 'x', s2: 'x' } })
  assert.deepEqual(taken(), [
    'Cluster',
    'ClusterLoadAssignment',
    'ScopedRouteConfiguration +s1 -s2',
    'Cluster -old',
  ])
})

test('a changed cluster gets its endpoints anew, and what is asked for by name is sent though known', () => {
  table.replace(web)
  subscribeToAll()
  taken()
  table.replace(edge({ clusters: { web: '2' }, endpoints: { web: '1' }, scopes: { s1: '1' } }))
  stream.push()
  assert.deepEqual(taken(), ['Cluster +web', 'ClusterLoadAssignment +web'])
  request(endpointsType, { resource_names_subscribe: ['web'] })
  assert.deepEqual(taken(), ['ClusterLoadAssignment +web'])
})

test('endpoints that nobody knows are answered with their absence', () => {
  request(endpointsType, { resource_names_subscribe: ['nobody'] })
  assert.deepEqual(taken(), ['ClusterLoadAssignment -nobody'])
  assert.ok(stream.isSettled())
})

test('what Envoy rejects is told, waited for no longer, and not sent again', async () => {
  table.replace(web)
  request(clusterType)
  request(scopeType)
  const [response] = sent.splice(0)
  assert.ok(response)
  acknowledge(response, 'no such thing')
  assert.deepEqual(rejected, ['no such thing'])
  assert.deepEqual(taken(), ['ScopedRouteConfiguration +s1'])
  stream.push()
  assert.deepEqual(sent, [])
  await stream.settled()
})

test('who waits is told when all is taken, or when the stream ends', async () => {
  table.replace(web)
  subscribeToAll()
  let settled = false
  const waiting = stream.settled().then(() => {
    settled = true
  })
  assert.equal(settled, false)
  taken()
  await waiting
  const other = open()
  other.receive({
    type_url: clusterType,
    resource_names_subscribe: [],
    resource_names_unsubscribe: [],
    initial_resource_versions: {},
  })
  const ended = other.settled()
  other.close()
  await ended
})

test('a certificate is told under the name that was asked for, and a new one at once', () => {
  table.replace(edge({ certificates: { '*.foo.test': '1', 'b.test': '1' } }))
  request(certificateType, { resource_names_subscribe: ['x.foo.test'] })
  assert.deepEqual(taken(), ['Secret +x.foo.test'])
  request(certificateType, { resource_names_subscribe: ['nobody.test'] })
  assert.deepEqual(taken(), ['Secret -nobody.test'])
  table.replace(edge({ certificates: { '*.foo.test': '2', 'nobody.test': '1' } }))
  stream.push()
  assert.deepEqual(taken(), ['Secret +x.foo.test +nobody.test'])
  assert.ok(stream.isSettled())
})

test('a cluster that Envoy resolves by itself is routed to once it was taken', () => {
  table.replace(edge({ clusters: { outside: '1' }, scopes: { s1: '1' } }))
  request(clusterType)
  request(scopeType)
  assert.deepEqual(sent.map(lineOf), ['Cluster +outside'])
  assert.deepEqual(taken(), ['Cluster +outside', 'ScopedRouteConfiguration +s1'])
})
