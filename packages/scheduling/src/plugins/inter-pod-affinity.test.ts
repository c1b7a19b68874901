import { test } from 'node:test'
import type { Namespace, Pod } from '@reckon/kubernetes'
import { given, inZone, node, pod } from './scenario.fixture.ts'

const zone = 'topology.kubernetes.io/zone'
const labels = { app: 'web' }
const on = (nodeName: string, more: object = {}) => pod({ nodeName, labels, ...more })
const term = (more: object = {}) => ({
  topologyKey: zone,
  labelSelector: { matchLabels: labels },
  ...more,
})
type Affinity = NonNullable<Pod['spec']['affinity']>
const near = (more: object = {}): Affinity => ({
  podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term(more)] },
})
const apart = (more: object = {}): Affinity => ({
  podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term(more)] },
})
const zones = [inZone('z1', 'a'), inZone('z1', 'b'), inZone('z2', 'c')]

test('required affinity leads into the domains where such pods stand', () => {
  const then = given(...zones, on('a')).when(pod({ affinity: near() }))
  then.thenSuits('a', 'b')
  then.thenRejected('c', 'InterPodAffinity', "node(s) didn't match pod affinity rules")
})

test('the first of a series that wants itself near may go anywhere in the topology', () => {
  const cluster = given(...zones, node('d'))
  cluster.when(pod({ labels, affinity: near() })).thenSuits('a', 'b', 'c')
  cluster.when(pod({ labels: { app: 'other' }, affinity: near() })).thenSuits()
})

test('required anti-affinity leads away from them', () => {
  const then = given(...zones, node('d'), on('a')).when(pod({ affinity: apart() }))
  then.thenSuits('c', 'd')
  then.thenRejected('b', 'InterPodAffinity', "node(s) didn't match pod anti-affinity rules")
})

test('who stands already keeps others away by a required anti-affinity of its own', () =>
  given(...zones, pod({ nodeName: 'a', affinity: apart() }))
    .when(on(''))
    .thenRejected(
      'b',
      'InterPodAffinity',
      "node(s) didn't satisfy existing pods anti-affinity rules",
    ))

test('a term means its own namespace, those that it lists, and those that it selects', () => {
  const namespace = (name: string, team: string): Namespace => ({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name, labels: { team } },
    spec: {},
  })
  const cluster = given(
    ...zones,
    namespace('red', 'one'),
    namespace('blue', 'two'),
    on('a', { namespace: 'red' }),
    on('c', { namespace: 'blue' }),
  )
  cluster.when(pod({ affinity: near() })).thenSuits()
  cluster.when(pod({ affinity: near({ namespaces: ['red'] }) })).thenSuits('a', 'b')
  const namespaceSelector = { matchLabels: { team: 'two' } }
  cluster.when(pod({ affinity: near({ namespaceSelector }) })).thenSuits('c')
  cluster.when(pod({ affinity: near({ namespaceSelector: {} }) })).thenSuits('a', 'b', 'c')
})

test('what is preferred counts by weight and pods, between the worst node and the best', () => {
  const weighted = [{ weight: 10, podAffinityTerm: term() }]
  const preferred = { preferredDuringSchedulingIgnoredDuringExecution: weighted }
  const cluster = given(...zones, on('a'))
  cluster
    .when(pod({ affinity: { podAffinity: preferred } }))
    .thenScored('InterPodAffinity', { a: 200, b: 200, c: 0 })
  cluster
    .when(pod({ affinity: { podAntiAffinity: preferred } }))
    .thenScored('InterPodAffinity', { a: 0, b: 0, c: 200 })
})

test('those who stand draw the pods that their affinity means', () =>
  given(...zones, pod({ nodeName: 'c', affinity: near() }))
    .when(on(''))
    .thenScored('InterPodAffinity', { a: 0, b: 0, c: 200 }))

test('where nothing is preferred no node is better', () =>
  given(...zones, on('a'))
    .when(pod({ affinity: near() }))
    .thenScored('InterPodAffinity', { a: undefined, b: undefined, c: undefined }))

test('a node without the topology is in nobody’s domain: nothing keeps off it, and nothing draws to it', () => {
  const weighted = [{ weight: 10, podAffinityTerm: term() }]
  const podAffinity = { preferredDuringSchedulingIgnoredDuringExecution: weighted }
  const cluster = given(...zones, node('d'), on('a'), on('d'))
  cluster.when(pod({ affinity: apart() })).thenSuits('c', 'd')
  cluster
    .when(pod({ affinity: { podAffinity } }))
    .thenScored('InterPodAffinity', { a: 200, b: 200, c: 0, d: 0 })
})
