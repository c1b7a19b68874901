import { test } from 'node:test'
import type { Affinity, Pod, Service } from '@reckon/kubernetes'
import { given, inZone, node, pod } from './scenario.fixture.ts'

const zone = 'topology.kubernetes.io/zone'
const labels = { app: 'web' }
type Constraint = NonNullable<Pod['spec']['topologySpreadConstraints']>[number]

const spread = (constraint: Partial<Constraint> = {}, options: Partial<Pod['spec']> = {}) =>
  pod({
    labels,
    topologySpreadConstraints: [
      {
        maxSkew: 1,
        topologyKey: zone,
        whenUnsatisfiable: 'DoNotSchedule',
        labelSelector: { matchLabels: labels },
        ...constraint,
      },
    ],
    ...options,
  })
const on = (nodeName: string, more: object = {}) => pod({ nodeName, labels, ...more })
const uneven = "node(s) didn't match pod topology spread constraints"

test('no domain may have more than the least plus the skew', () => {
  const then = given(inZone('z1', 'a'), inZone('z2', 'b'), on('a')).when(spread())
  then.thenSuits('b')
  then.thenRejected('a', 'PodTopologySpread', uneven)
})

test('a node without the label is no domain', () =>
  given(inZone('z1', 'a'), node('c'))
    .when(spread())
    .thenRejected('c', 'PodTopologySpread', `${uneven} (missing required label)`))

test('pods of other namespaces and terminating ones do not count', () => {
  const terminating = on('a')
  terminating.metadata.deletionTimestamp = '2026-01-01T00:00:00Z'
  given(inZone('z1', 'a'), inZone('z2', 'b'), on('a', { namespace: 'other' }), terminating)
    .when(spread())
    .thenSuits('a', 'b')
})

test('with fewer domains than wanted the least is 0', () => {
  const cluster = given(inZone('z1', 'a'), inZone('z2', 'b'), on('a'), on('b'))
  cluster.when(spread({ minDomains: 2 })).thenSuits('a', 'b')
  cluster.when(spread({ minDomains: 3 })).thenSuits()
})

test('domains that the pod cannot go to count only if the constraint says so', () => {
  const cluster = given(
    node('a', { labels: { [zone]: 'z1', disk: 'ssd' } }),
    inZone('z2', 'b'),
    on('a'),
  )
  const nodeSelector = { disk: 'ssd' }
  cluster.when(spread({}, { nodeSelector })).thenSuits('a')
  cluster.when(spread({ nodeAffinityPolicy: 'Ignore' }, { nodeSelector })).thenSuits()
})

test('domains that the pod’s required affinity excludes do not count either', () => {
  const ssd = { matchExpressions: [{ key: 'disk', operator: 'In', values: ['ssd'] }] }
  const affinity: Affinity = {
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [ssd] },
    },
  }
  const cluster = given(
    node('a', { labels: { [zone]: 'z1', disk: 'ssd' } }),
    inZone('z2', 'b'),
    on('a'),
  )
  cluster.when(spread({}, { affinity })).thenSuits('a')
  cluster.when(spread({ nodeAffinityPolicy: 'Ignore' }, { affinity })).thenSuits()
})

test('a tainted domain counts unless the constraint honours taints', () => {
  const taints = [{ key: 'team', effect: 'NoSchedule' }]
  const closed = node('b', { labels: { [zone]: 'z2' }, spec: { taints } })
  const cluster = given(inZone('z1', 'a'), closed, on('a'))
  cluster.when(spread()).thenSuits()
  cluster.when(spread({ nodeTaintsPolicy: 'Honor' })).thenSuits('a')
})

test('matchLabelKeys count the pods of the same revision only', () => {
  const revision = (hash: string) => ({ labels: { ...labels, 'pod-template-hash': hash } })
  const wanted = spread({ matchLabelKeys: ['pod-template-hash'] })
  wanted.metadata.labels = revision('new').labels
  given(inZone('z1', 'a'), inZone('z2', 'b'), on('a', revision('old')))
    .when(wanted)
    .thenSuits('a', 'b')
})

test('a soft constraint prefers the emptier domain', () =>
  given(inZone('z1', 'a'), inZone('z2', 'b'), on('a'), on('a'))
    .when(spread({ whenUnsatisfiable: 'ScheduleAnyway' }))
    .thenScored('PodTopologySpread', { a: 0, b: 200 }))

test('the pods of one Service spread over nodes and zones though they do not say so', () => {
  const service: Service = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'web', namespace: 'default' },
    spec: { selector: labels },
  }
  given(inZone('z1', 'a'), inZone('z1', 'b'), service, on('a'))
    .when(pod({ labels }))
    .thenScored('PodTopologySpread', { a: 174, b: 200 })
  given(inZone('z1', 'a'), inZone('z1', 'b'), on('a'))
    .when(pod({ labels }))
    .thenScored('PodTopologySpread', { a: undefined, b: undefined })
})

test('by the defaults each node is a domain, those too that say no hostname', () => {
  const service: Service = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'web', namespace: 'default' },
    spec: { selector: labels },
  }
  const nameless = (name: string) => ({ ...node(name), metadata: { name } })
  const ten = Array.from({ length: 10 }, () => on('a'))
  // Four nodes: ten pods count 10 × ln(4 + 2) + 2, none counts 2, where there is no hostname 0.
  given(node('a'), node('b'), nameless('c'), nameless('d'), service, ...ten)
    .when(pod({ labels }))
    .thenScored('PodTopologySpread', { a: 0, b: 180, c: 200, d: 200 })
})
