import assert from 'node:assert/strict'
import { test } from 'node:test'
import { place } from '../placing/place.ts'
import { pluginsAt } from '../placing/plugins-at.ts'
import { node, pod } from '../plugins/scenario.fixture.ts'
import { clusterStateOf } from '../state/cluster-state.fixture.ts'
import type { Profile } from './configuration.ts'
import { defaultPolicy } from './default-policy.ts'
import { policiesOf } from './policies.ts'

const document = (...profiles: object[]) => ({
  apiVersion: 'kubescheduler.config.k8s.io/v1',
  kind: 'KubeSchedulerConfiguration',
  profiles,
})

function policyOf(profile: Profile) {
  const policy = policiesOf(document(profile)).get('default-scheduler')
  assert.ok(policy)
  return policy
}

const weights = (profile: Profile) =>
  Object.fromEntries(policyOf(profile).plugins.map(({ plugin, weight }) => [plugin.name, weight]))

/** The weighted scores that one plugin gives to each node for a pod. */
function scoresBy(profile: Profile, plugin: string, requests = { cpu: '1', memory: '1Gi' }) {
  const busy = pod({ nodeName: 'busy', requests: { cpu: '2', memory: '4Gi' } })
  const cluster = clusterStateOf([node('busy'), node('idle')], [busy])
  const verdicts = place(pod({ requests }), cluster, policyOf(profile)).verdicts()
  return Object.fromEntries(verdicts.map(({ node: name, scores }) => [name, scores?.[plugin]]))
}

test('a profile that says nothing is as the default one', () => {
  const { plugins } = policyOf({})
  assert.deepEqual(plugins, defaultPolicy.plugins)
})

test('a policy is called after its scheduler and what is in its configuration', () => {
  const [one, other] = [policyOf({}), policyOf({ plugins: { score: {} } })]
  assert.match(one.name, /^default-scheduler@[0-9a-f]{16}$/)
  assert.notEqual(one.name, other.name)
  assert.equal(policyOf({}).name, one.name)
})

test('weights are changed and plugins left out, everywhere or at one point', () => {
  const given = weights({
    plugins: {
      multiPoint: { enabled: [{ name: 'ImageLocality', weight: 5 }] },
      score: {
        enabled: [{ name: 'NodeResourcesFit', weight: 7 }],
        disabled: [{ name: 'InterPodAffinity' }],
      },
    },
  })
  assert.deepEqual(
    [given.ImageLocality, given.NodeResourcesFit, given.InterPodAffinity, given.TaintToleration],
    [5, 7, 0, 3],
  )
  const without = policyOf({ plugins: { filter: { disabled: [{ name: 'TaintToleration' }] } } })
  assert.ok(!pluginsAt(without, 'filter').includes('TaintToleration'))
  assert.ok(pluginsAt(without, 'score').includes('TaintToleration'))
  const tainted = node('a', { spec: { taints: [{ key: 'k', effect: 'NoSchedule' }] } })
  assert.equal(place(pod(), clusterStateOf([tainted], []), without).nodeName, 'a')
})

test('what is left out everywhere comes back where it is enabled', () => {
  const only = policyOf({
    plugins: {
      multiPoint: { disabled: [{ name: '*' }] },
      score: { enabled: [{ name: 'NodeResourcesFit', weight: 2 }] },
    },
  })
  assert.deepEqual(
    only.plugins.map(({ plugin, weight }) => [plugin.name, plugin.points, weight]),
    [['NodeResourcesFit', ['score'], 2]],
  )
})

test('a weight at the point goes before one for everywhere, and none leaves the default', () => {
  const weighing = (name: string, everywhere: number, there?: number) =>
    weights({
      plugins: {
        multiPoint: { enabled: [{ name, weight: everywhere }] },
        ...(there !== undefined && { score: { enabled: [{ name, weight: there }] } }),
      },
    })[name]
  assert.equal(weighing('TaintToleration', 5), 5)
  assert.equal(weighing('TaintToleration', 5, 7), 7)
  assert.equal(weighing('TaintToleration', 0), 3)
  assert.equal(weighing('TaintToleration', 5, 0), 5)
  const all = policyOf({ plugins: { score: { disabled: [{ name: '*' }] } } })
  assert.deepEqual(pluginsAt(all, 'score'), [])
  assert.deepEqual(pluginsAt(all, 'filter'), pluginsAt(defaultPolicy, 'filter'))
})

test('a plugin that is left out at one point says nothing there, whatever it judges by', () => {
  const without = (point: 'filter' | 'score', ...names: readonly string[]) =>
    policyOf({ plugins: { [point]: { disabled: names.map((name) => ({ name })) } } })
  const full = clusterStateOf([node('a')], [pod({ nodeName: 'a', requests: { cpu: '4' } })])
  const wanted = pod({ requests: { cpu: '1' } })
  assert.equal(place(wanted, full, defaultPolicy).nodeName, undefined)
  assert.equal(place(wanted, full, without('filter', 'NodeResourcesFit')).nodeName, 'a')
  const labels = { app: 'web' }
  const term = { topologyKey: 'kubernetes.io/hostname', labelSelector: { matchLabels: labels } }
  const podAntiAffinity = { requiredDuringSchedulingIgnoredDuringExecution: [term] }
  const apart = pod({ labels, affinity: { podAntiAffinity } })
  const taken = clusterStateOf([node('a')], [pod({ labels, nodeName: 'a' })])
  assert.equal(place(apart, taken, defaultPolicy).nodeName, undefined)
  assert.equal(place(apart, taken, without('filter', 'InterPodAffinity')).nodeName, 'a')
  const empty = clusterStateOf([node('a')], [])
  const [verdict] = place(wanted, empty, without('score', 'NodeResourcesFit')).verdicts()
  assert.equal(verdict?.scores?.NodeResourcesFit, undefined)
  assert.notEqual(verdict?.scores?.TaintToleration, undefined)
})

test('resources that are ignored keep nobody off a node', () => {
  const placed = (args: object) => {
    const policy = policyOf({ pluginConfig: [{ name: 'NodeResourcesFit', args }] })
    const requests = { 'example.com/gpu': '1', 'other.com/nic': '1' }
    return place(pod({ requests }), clusterStateOf([node('a')], []), policy).nodeName
  }
  assert.equal(placed({}), undefined)
  assert.equal(placed({ ignoredResources: ['example.com/gpu', 'other.com/nic'] }), 'a')
  assert.equal(placed({ ignoredResourceGroups: ['example.com', 'other.com'] }), 'a')
  assert.equal(placed({ ignoredResourceGroups: ['example.com'] }), undefined)
  assert.equal(placed({ ignoredResources: ['example.com/gpu'] }), undefined)
})

test('several profiles are several policies', () => {
  const policies = policiesOf(document({ schedulerName: 'a' }, { schedulerName: 'b' }))
  assert.deepEqual([...policies.keys()], ['a', 'b'])
})

test('the scoring strategies of NodeResourcesFit', () => {
  const fit = (scoringStrategy: object): Profile => ({
    pluginConfig: [{ name: 'NodeResourcesFit', args: { scoringStrategy } }],
  })
  const scores = (strategy: object) => scoresBy(fit(strategy), 'NodeResourcesFit')
  assert.deepEqual(scores({}), { busy: 31, idle: 81 })
  assert.deepEqual(scores({ type: 'MostAllocated' }), { busy: 68, idle: 18 })
  const resources = [{ name: 'cpu', weight: 3 }, { name: 'memory' }]
  assert.deepEqual(scores({ type: 'MostAllocated', resources }), { busy: 71, idle: 21 })
  const shape = [
    { utilization: 0, score: 0 },
    { utilization: 50, score: 10 },
    { utilization: 100, score: 0 },
  ]
  const ratio = { type: 'RequestedToCapacityRatio', requestedToCapacityRatio: { shape } }
  assert.deepEqual(scores(ratio), { busy: 63, idle: 37 })
})

test('affinity that is added holds for every pod, and what hard affinity counts', () => {
  const addedAffinity = {
    requiredDuringSchedulingIgnoredDuringExecution: {
      nodeSelectorTerms: [{ matchExpressions: [{ key: 'pool', operator: 'Exists' }] }],
    },
  }
  const policy = policyOf({ pluginConfig: [{ name: 'NodeAffinity', args: { addedAffinity } }] })
  const nodes = [node('a'), node('b', { labels: { pool: 'x' } })]
  const placement = place(pod(), clusterStateOf(nodes, []), policy)
  assert.equal(placement.nodeName, 'b')
  assert.deepEqual(placement.reasons, [
    { reason: "node(s) didn't match scheduler-enforced node affinity", count: 1 },
  ])
})

test('default constraints that are listed hold for pods that belong together', () => {
  const constraint = { maxSkew: 1, topologyKey: 'zone', whenUnsatisfiable: 'DoNotSchedule' }
  const args = { defaultingType: 'List', defaultConstraints: [constraint] }
  const policy = policyOf({ pluginConfig: [{ name: 'PodTopologySpread', args }] })
  const labels = { app: 'web' }
  const nodes = [node('a', { labels: { zone: 'x' } }), node('b', { labels: { zone: 'y' } })]
  const cluster = clusterStateOf(nodes, [pod({ nodeName: 'a', labels })])
  cluster.setService({
    ...{ apiVersion: 'v1', kind: 'Service', metadata: { name: 'web', namespace: 'default' } },
    spec: { selector: labels },
  })
  const verdicts = place(pod({ labels }), cluster, policy).verdicts()
  assert.deepEqual(
    verdicts.map(({ rejectedBy }) => rejectedBy?.plugin),
    ['PodTopologySpread', undefined],
  )
})

test('what is unknown or means nothing here is refused by name', () => {
  const refused = (profile: object, more: object = {}) => {
    try {
      policiesOf({ ...document(profile), ...more })
      return 'taken'
    } catch (error) {
      return error instanceof Error ? error.message : ''
    }
  }
  const cases: [object, RegExp, object?][] = [
    [{ plugin: {} }, /unknown field "profiles\[0\]\.plugin"/],
    [{}, /extenders: Forbidden: this scheduler has no such thing/, { extenders: [] }],
    [{}, /apiVersion: Unsupported value: "v1beta3"/, { apiVersion: 'v1beta3' }],
    [{ plugins: { permit: {} } }, /profiles\[0\]\.plugins\.permit: Forbidden/],
    [
      { plugins: { score: { enabled: [{ name: 'Mine' }] } } },
      /plugins\.score\.enabled\[0\]\.name: Not found: "Mine"/,
    ],
    [
      { plugins: { score: { enabled: [{ name: 'NodeName' }] } } },
      /score\.enabled\[0\]\.name: Not found: "NodeName"/,
    ],
    [
      { pluginConfig: [{ name: 'NodeResourcesFit', args: { strategy: {} } }] },
      /unknown field "profiles\[0\]\.pluginConfig\[0\]\.args\.strategy"/,
    ],
    [
      { pluginConfig: [{ name: 'InterPodAffinity', args: { hardPodAffinityWeight: 101 } }] },
      /hardPodAffinityWeight: Invalid value: 101: not in valid range \[0-100\]/,
    ],
    [{ pluginConfig: [{ name: 'ImageLocality' }] }, /ImageLocality takes no arguments here/],
    [{ schedulerName: 7 }, /cannot unmarshal number into Go struct field/],
  ]
  for (const [profile, expected, more] of cases) assert.match(refused(profile, more), expected)
})

test('how many nodes are tried for room is configured as upstream reads it', () => {
  const told = (args: object) => {
    try {
      policiesOf(document({ pluginConfig: [{ name: 'DefaultPreemption', args }] }))
      return 'taken'
    } catch (error) {
      return error instanceof Error ? error.message : ''
    }
  }
  assert.equal(told({ minCandidateNodesPercentage: 100, minCandidateNodesAbsolute: 0 }), 'taken')
  assert.match(
    told({ minCandidateNodesPercentage: 101 }),
    /args\.minCandidateNodesPercentage: Invalid value: 101: not in valid range \[0-100\]/,
  )
  assert.match(
    told({ minCandidateNodesAbsolute: -1 }),
    /args\.minCandidateNodesAbsolute: Invalid value: -1: not in valid range \[0, inf\)/,
  )
  assert.match(
    told({ minCandidateNodesPercentage: 0, minCandidateNodesAbsolute: 0 }),
    /Percentage: Invalid value: 0: cannot be zero at the same time as minCandidateNodesAbsolute/,
  )
})
