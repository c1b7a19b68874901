import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Pod, PodDisruptionBudget } from '@reckon/kubernetes'
import type { Plugin, Policy, WeightedPlugin } from '../framework.ts'
import { place } from '../placing/place.ts'
import { defaultPolicy } from '../policy/default-policy.ts'
import { clusterStateOf } from '../state/cluster-state.fixture.ts'
import type { ClusterState } from '../state/cluster-state.ts'
import { defaultPreemptionWith } from './default-preemption.ts'
import { inZone, node, pod } from './scenario.fixture.ts'

type Standing = Parameters<typeof pod>[0] & { name?: string; startedAt?: string }

/** A pod of 2 cpus that stands on a node, `a` if none is said. */
const standing = ({ name, startedAt, ...options }: Standing = {}): Pod => {
  const created = pod({ nodeName: 'a', requests: { cpu: '2' }, ...options })
  const { metadata } = created
  return {
    ...created,
    metadata: { ...metadata, ...(name && { name, uid: `uid of ${name}` }) },
    ...(startedAt && { status: { startTime: startedAt } }),
  }
}

const important = (options: Parameters<typeof pod>[0] = {}): Pod =>
  pod({ priority: 10, requests: { cpu: '4' }, ...options })

const namesIn = (victims: readonly { name: string }[]) => victims.map(({ name }) => name)

function preempting(cluster: ClusterState, wanted = important()) {
  const { preemption, message } = place(wanted, cluster, defaultPolicy)
  return preemption && 'nomination' in preemption
    ? { ...preemption.nomination, victims: namesIn(preemption.nomination.victims) }
    : message
}

const budget = (allowed: number, disrupted: string[] = []): PodDisruptionBudget => ({
  apiVersion: 'policy/v1',
  kind: 'PodDisruptionBudget',
  metadata: { name: 'budget', namespace: 'default' },
  spec: { selector: { matchLabels: { app: 'db' } } },
  status: {
    ...{ disruptionsAllowed: allowed, currentHealthy: 1, desiredHealthy: 1, expectedPods: 1 },
    disruptedPods: Object.fromEntries(disrupted.map((name) => [name, '2026-01-01T00:00:00Z'])),
  },
})

test('as few pods leave as can be, and of these the least important', () => {
  const cluster = clusterStateOf(
    [node('a', { allocatable: { cpu: '6' } })],
    [
      standing({ name: 'old', priority: 1, startedAt: '2026-01-01T00:00:00Z' }),
      standing({ name: 'young', priority: 1, startedAt: '2026-01-02T00:00:00Z' }),
      standing({ name: 'low', priority: 0, startedAt: '2025-01-01T00:00:00Z' }),
    ],
  )
  const two = important({ requests: { cpu: '2' } })
  assert.deepEqual(preempting(cluster, two), { nodeName: 'a', victims: ['low'] })
  assert.deepEqual(preempting(cluster), { nodeName: 'a', victims: ['young', 'low'] })
})

test('nobody leaves for one of his own priority, or for one that may not preempt', () => {
  const cluster = clusterStateOf([node('a')], [standing({ priority: 10 }), standing()])
  const fit = '0/1 nodes are available: 1 Insufficient cpu.'
  assert.equal(
    preempting(cluster),
    `${fit} preemption: 0/1 nodes are available: 1 Insufficient cpu.`,
  )
  assert.equal(
    preempting(cluster, important({ priority: 0 })),
    `${fit} preemption: 0/1 nodes are available: 1 No preemption victims found for incoming pod.`,
  )
  assert.equal(
    preempting(cluster, important({ preemptionPolicy: 'Never' })),
    `${fit} preemption: not eligible due to preemptionPolicy=Never.`,
  )
})

test('where nobody’s leaving would help, nobody is asked to', () => {
  const cluster = clusterStateOf(
    [
      node('a'),
      node('b', { spec: { unschedulable: true } }),
      node('small', { allocatable: { cpu: '3' } }),
    ],
    [standing({ priority: 10 }), standing({ priority: 20 }), standing({ nodeName: 'small' })],
  )
  assert.equal(
    preempting(cluster),
    '0/3 nodes are available: 1 node(s) were unschedulable, 2 Insufficient cpu. preemption: ' +
      '0/3 nodes are available: 1 No preemption victims found for incoming pod, ' +
      '2 Preemption is not helpful for scheduling.',
  )
})

test('a node is chosen by budgets, then the highest priority, the sum, the number and the start of its victims', () => {
  const on = (nodeName: string, ...pods: Standing[]) =>
    pods.map((each) => standing({ nodeName, ...each }))
  const choice = (...pods: Pod[]) => {
    const cluster = clusterStateOf([node('a'), node('b')], pods)
    cluster.setBudget(budget(0))
    const chosen = preempting(cluster)
    return typeof chosen === 'string' ? chosen : chosen.nodeName
  }
  const db = { labels: { app: 'db' } }
  const four = { requests: { cpu: '4' } }
  assert.equal(choice(...on('a', { ...db, ...four }), ...on('b', { ...four, priority: 9 })), 'b')
  assert.equal(
    choice(...on('a', { priority: 3 }), ...on('a', {}), ...on('b', { ...four, priority: 4 })),
    'a',
  )
  assert.equal(
    choice(...on('a', { priority: 3 }, { priority: 3 }), ...on('b', { priority: 3 }, {})),
    'b',
  )
  assert.equal(choice(...on('a', {}, {}), ...on('b', four)), 'b')
  const since = (startedAt: string) => ({ ...four, startedAt })
  assert.equal(
    choice(...on('a', since('2026-01-02T00:00:00Z')), ...on('b', since('2026-01-01T00:00:00Z'))),
    'a',
  )
})

test('whom a budget protects stays as long as others can leave; one whose leaving it has counted does not matter', () => {
  const db = { labels: { app: 'db' } }
  const pods = [standing({ ...db, name: 'db' }), standing({ name: 'web', priority: 5 })]
  const two = important({ requests: { cpu: '2' } })
  const withBudget = (given: PodDisruptionBudget) => {
    const cluster = clusterStateOf([node('a')], pods)
    cluster.setBudget(given)
    return cluster
  }
  assert.deepEqual(preempting(withBudget(budget(0)), two), { nodeName: 'a', victims: ['web'] })
  assert.deepEqual(preempting(withBudget(budget(1)), two), { nodeName: 'a', victims: ['db'] })
  assert.deepEqual(preempting(withBudget(budget(0, ['db'])), two), {
    nodeName: 'a',
    victims: ['db'],
  })
  assert.deepEqual(preempting(withBudget(budget(0))), {
    ...{ nodeName: 'a', victims: ['web', 'db'], violations: 1 },
  })
})

test('who takes the port, breaks the spread or keeps others away has to leave', () => {
  const port = { hostPort: 80, containerPort: 80 }
  const containers = [{ name: 'c', image: 'c', ports: [port] }]
  const taken = clusterStateOf(
    [node('a')],
    [
      standing({ name: 'port', containers, requests: {} }),
      standing({ name: 'other', requests: {} }),
    ],
  )
  assert.deepEqual(preempting(taken, important({ containers })), {
    nodeName: 'a',
    victims: ['port'],
  })
  const labels = { app: 'web' }
  const zone = 'topology.kubernetes.io/zone'
  const term = { topologyKey: zone, labelSelector: { matchLabels: labels } }
  const antiAffinity = {
    podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] },
  }
  const small = { requests: { cpu: '1m' } }
  const apart = clusterStateOf(
    [inZone('z1', 'a'), inZone('z1', 'b')],
    [standing({ name: 'web', labels, ...small }), standing({ name: 'other', ...small })],
  )
  // Only on the victim's own node its leaving is thought of, as upstream has it.
  assert.deepEqual(preempting(apart, important({ affinity: antiAffinity, ...small })), {
    nodeName: 'a',
    victims: ['web'],
  })
  const constraint = { topologyKey: zone, maxSkew: 1, whenUnsatisfiable: 'DoNotSchedule' }
  const topologySpreadConstraints = [{ ...constraint, labelSelector: { matchLabels: labels } }]
  const skewed = clusterStateOf(
    [inZone('z1', 'a'), inZone('z2', 'b')],
    [
      standing({ name: 'web', labels, ...small }),
      standing({ name: 'full', nodeName: 'b', requests: { cpu: '4' }, priority: 20 }),
    ],
  )
  assert.deepEqual(preempting(skewed, important({ labels, topologySpreadConstraints })), {
    nodeName: 'a',
    victims: ['web'],
  })
  assert.equal(
    place(important({ affinity: antiAffinity }), skewed, defaultPolicy).nodeName,
    undefined,
  )
})

test('the room that is made for a pod is kept from others of no higher priority, and taken by it', () => {
  const cluster = clusterStateOf([node('a')], [])
  const waiting = important()
  cluster.nominate(waiting, 'a')
  const nodeOf = (wanted: Pod) => place(wanted, cluster, defaultPolicy).nodeName
  const one = { requests: { cpu: '1' } }
  assert.equal(nodeOf(pod({ ...one, priority: 9 })), undefined)
  assert.equal(nodeOf(pod({ ...one, priority: 10 })), undefined)
  assert.equal(nodeOf(pod({ ...one, priority: 11 })), 'a')
  assert.equal(nodeOf(waiting), 'a')
  cluster.addPod(waiting, 'a')
  assert.equal(nodeOf(pod({ ...one, priority: 11 })), undefined)
  cluster.removePod(waiting.metadata.uid ?? '')
  assert.equal(nodeOf(pod({ ...one, priority: 9 })), undefined)
  cluster.nominate(waiting, undefined)
  assert.equal(nodeOf(pod({ ...one, priority: 9 })), 'a')
})

test('the node that is kept is taken even where another is better', () => {
  const cluster = clusterStateOf(
    [node('a'), node('better', { allocatable: { cpu: '64' } })],
    [standing({ requests: { cpu: '1' } })],
  )
  const waiting = important({ requests: { cpu: '1' } })
  assert.equal(place(waiting, cluster, defaultPolicy).nodeName, 'better')
  cluster.nominate(waiting, 'a')
  const { choice, nodeName } = place(waiting, cluster, defaultPolicy)
  assert.deepEqual([nodeName, choice?.tied, choice?.rank], ['a', 1, 0])
})

test('while a victim ends on the node that is kept, nobody else is driven away', () => {
  const going = standing({ name: 'going' })
  const { metadata } = going
  const deletionTimestamp = '2026-01-01T00:00:00Z'
  const pods = [
    { ...going, metadata: { ...metadata, deletionTimestamp } },
    standing({ name: 'other' }),
  ]
  const dearer = standing({ nodeName: 'b', priority: 5 })
  const cluster = clusterStateOf([node('a'), node('b')], [...pods, dearer])
  const waiting = important()
  cluster.nominate(waiting, 'a')
  assert.match(
    String(preempting(cluster, waiting)),
    / preemption: not eligible due to a terminating pod on the nominated node\.$/,
  )
  cluster.removePod('uid of going')
  assert.deepEqual(preempting(cluster, waiting), { nodeName: 'a', victims: ['other'] })
})

test('a state is another where starts, budgets or kept nodes are, and none of them leaves a trace', () => {
  const cluster = clusterStateOf([node('a')], [])
  const hashes = [cluster.hash]
  const started = standing({ name: 'web', startedAt: '2026-01-01T00:00:00Z' })
  const before = { ...started, status: {} }
  cluster.addPod(before, 'a')
  hashes.push(cluster.hash)
  cluster.addPod(started, 'a')
  hashes.push(cluster.hash)
  cluster.setBudget(budget(1))
  hashes.push(cluster.hash)
  cluster.nominate(important(), 'a')
  hashes.push(cluster.hash)
  assert.equal(new Set(hashes).size, hashes.length)
  const undone = clusterStateOf([node('a')], [started])
  const waiting = important()
  undone.nominate(waiting, 'elsewhere')
  undone.setBudget(budget(0))
  place(important(), undone, defaultPolicy)
  undone.removeBudget('default', 'budget')
  undone.nominate(waiting, undefined)
  undone.removePod(started.metadata.uid ?? '')
  assert.equal(undone.hash, hashes[0])
})

test('of so many nodes the best is taken, and no more of them are tried', () => {
  const names = ['a', 'b', 'c', 'd']
  const cluster = clusterStateOf(
    names.map((name) => node(name, { allocatable: { cpu: '4' } })),
    names.map((name, index) => standing({ name: `on-${name}`, nodeName: name, priority: index })),
  )
  const one = defaultPreemptionWith({
    minCandidateNodesPercentage: 0,
    minCandidateNodesAbsolute: 1,
  })
  const policy = { name: 'one', plugins: defaultPolicy.plugins.map(orElse(one)) }
  const chosen = (by: Policy) =>
    Array.from({ length: 20 }, () => {
      const { preemption } = place(important(), cluster, by)
      return preemption && 'nomination' in preemption ? preemption.nomination.nodeName : ''
    })
  assert.deepEqual([...new Set(chosen(defaultPolicy))], ['a'])
  assert.ok(new Set(chosen(policy)).size > 1, 'the first one that is tried')
})

const orElse = (other: Plugin) => (weighted: WeightedPlugin) =>
  weighted.plugin.name === other.name ? { ...weighted, plugin: other } : weighted

test('a budget that says what it said changes nothing', () => {
  const cluster = clusterStateOf([node('a')], [])
  const { version } = cluster.budgets
  cluster.setBudget(budget(1))
  cluster.setBudget({ ...budget(1), metadata: { ...budget(1).metadata, resourceVersion: '7' } })
  assert.equal(cluster.budgets.version, version + 1)
  cluster.setBudget(budget(0))
  cluster.removeBudget('default', 'budget')
  cluster.removeBudget('default', 'budget')
  assert.equal(cluster.budgets.version, version + 3)
})
