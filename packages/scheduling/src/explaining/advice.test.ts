import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Node, Pod } from '@reckon/kubernetes'
import { allSteps } from '../all-steps.fixture.ts'
import type { ClusterEvent, TopologyPlugin } from '../framework.ts'
import { node, pod } from '../plugins/scenario.fixture.ts'
import { defaultPolicies } from '../policy/policies.ts'
import { clusterStateOf } from '../state/cluster-state.fixture.ts'
import { advise } from './advice.ts'
import { formatAdvice } from './format-advice.ts'

function adviceIn(
  wanted: Pod,
  nodes: readonly Node[],
  placed: readonly Pod[] = [],
  policies = defaultPolicies,
) {
  const cluster = clusterStateOf(nodes, placed)
  const before = cluster.hash
  const podNamed = (_: string, name: string) =>
    placed.find(({ metadata }) => metadata.name === name)
  const advice = allSteps(advise(wanted, { cluster, policies, podNamed }))
  assert.equal(cluster.hash, before, 'what was tried is undone')
  return {
    ...advice,
    changes: advice.changes.map(({ change, nodeName }) => `${change}: ${nodeName}`),
  }
}

const full = (nodeName: string, cpu = '3') => pod({ nodeName, requests: { cpu } })

test('a pod that fits once others end: ask for less, end one of them, or add a node', () => {
  const placed = full('a')
  const { outlook, why, message, changes } = adviceIn(
    pod({ requests: { cpu: '2', memory: '1Gi' } }),
    [node('a')],
    [placed],
  )
  assert.equal(outlook, 'WhenPodsEnd')
  assert.match(why, /^waiting can help/)
  assert.match(message ?? '', /^0\/1 nodes are available: 1 Insufficient cpu\. preemption: /)
  assert.deepEqual(changes, [
    'ask for 1 cpu instead of 2: a',
    `end pod default/${placed.metadata.name} on a: a`,
    'add a node like a: another-a',
  ])
})

test('a pod that is larger than every node never fits, and the most that it may ask for is told', () => {
  const { outlook, changes } = adviceIn(
    pod({ requests: { cpu: '100m', memory: '20Gi' } }),
    [node('a'), node('b', { allocatable: { memory: '12Gi' } }), node('c')],
    [pod({ nodeName: 'b', requests: { memory: '3Gi' } })],
  )
  assert.deepEqual([outlook, changes], ['Never', ['ask for 9Gi memory instead of 20Gi: b']])
})

test('selectors, affinity and taints: what of the pod or of the nodes could be otherwise', () => {
  const spec = { taints: [{ key: 'gpu', value: 'yes', effect: 'NoSchedule' }] }
  assert.deepEqual(adviceIn(pod(), [node('a', { spec })]).changes, [
    'tolerate the taint gpu=yes:NoSchedule: a',
    'remove the taint gpu=yes:NoSchedule from a: a',
  ])
  const selecting = adviceIn(pod({ nodeSelector: { disk: 'ssd', zone: 'x' } }), [
    node('a', { labels: { disk: 'ssd' } }),
  ])
  assert.deepEqual(
    [selecting.outlook, selecting.changes],
    ['Never', ['drop its nodeSelector zone=x: a']],
  )
  const cordoned = adviceIn(pod(), [node('a', { spec: { unschedulable: true } })])
  assert.ok(cordoned.changes.includes('uncordon a: a'))
})

test('anti-affinity, spreading and host ports are told by what they go by', () => {
  const labels = { app: 'web' }
  const labelSelector = { matchLabels: labels }
  const topologyKey = 'kubernetes.io/hostname'
  const standing = pod({ labels, nodeName: 'a' })
  const apart = adviceIn(
    pod({
      labels,
      affinity: {
        podAntiAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: [{ labelSelector, topologyKey }],
        },
      },
    }),
    [node('a')],
    [standing],
  )
  assert.equal(apart.outlook, 'WhenPodsEnd')
  assert.ok(apart.changes.includes(`drop its required pod anti-affinity by ${topologyKey}: a`))
  assert.ok(apart.changes.includes(`end pod default/${standing.metadata.name} on a: a`))
  const near = adviceIn(
    pod({
      affinity: {
        podAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: [
            { labelSelector: { matchLabels: { app: 'db' } }, topologyKey },
          ],
        },
      },
    }),
    [node('a')],
  )
  assert.equal(near.outlook, 'WhenPodsCome')
  const ports = [{ containerPort: 80, hostPort: 80, protocol: 'TCP' }]
  const containers = [{ name: 'c', image: 'i', ports }]
  const busy = adviceIn(pod({ containers }), [node('a')], [pod({ containers, nodeName: 'a' })])
  assert.ok(busy.changes.includes('drop its host port 80/TCP: a'))
})

test('a plugin says itself whether pods that come or end help what it rejected', () => {
  const aloneInZone = (helpedBy: readonly ClusterEvent[]): TopologyPlugin => ({
    name: 'AloneInZone',
    points: ['filter'],
    judges: 'topology',
    helpedBy,
    prepare(_, counting) {
      const keys = ['zone']
      const counter = counting.cluster.counter('all', () => true)
      const others = counting.inDomains(counter, 'zone', counting.eligible('zone', { keys }))
      return { filter: (group) => (others.of(group) > 0 ? 'others stand in the zone' : undefined) }
    },
  })
  const placed = pod({ nodeName: 'a' })
  const adviceBy = (helpedBy: readonly ClusterEvent[]) => {
    const policy = { name: 'own', plugins: [{ plugin: aloneInZone(helpedBy), weight: 0 }] }
    const policies = new Map([['default-scheduler', policy]])
    return adviceIn(pod(), [node('a', { labels: { zone: 'z' } })], [placed], policies).changes
  }
  assert.deepEqual(adviceBy([]), [])
  assert.deepEqual(adviceBy(['PodEnded']), [`end pod default/${placed.metadata.name} on a: a`])
})

test('a pod on a node that is cordoned may keep others out of its whole zone', () => {
  const inZone = (name: string, spec = {}) => node(name, { labels: { zone: 'z' }, spec })
  const cordoned = { unschedulable: true }
  const standing = pod({ labels: { app: 'web' }, nodeName: 'b' })
  const term = { labelSelector: { matchLabels: { app: 'web' } }, topologyKey: 'zone' }
  const { changes } = adviceIn(
    pod({
      affinity: {
        podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] },
      },
    }),
    [inZone('a'), inZone('b', cordoned), inZone('c', cordoned)],
    [standing],
  )
  assert.ok(changes.includes(`end pod default/${standing.metadata.name} on b: a`))
})

test('a claim that is not there may come; one that is there is none of the reasons', () => {
  const volumes = [{ name: 'v', persistentVolumeClaim: { claimName: 'data' } }]
  const wanting = pod({ volumes, requests: { cpu: '3' } })
  const missing = adviceIn(wanting, [node('a')])
  assert.equal(missing.outlook, 'WhenStorageComes')
  const cluster = clusterStateOf([node('a')], [full('a')])
  cluster.storage.setClass({
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: { name: 'late' },
    ...{ provisioner: 'reckon.dev/local', volumeBindingMode: 'WaitForFirstConsumer' },
  })
  cluster.storage.setClaim({
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name: 'data', namespace: 'default' },
    spec: { storageClassName: 'late', resources: { requests: { storage: '1Gi' } } },
  })
  const known = { cluster, policies: defaultPolicies, podNamed: () => undefined }
  assert.equal(allSteps(advise(wanting, known)).outlook, 'WhenPodsEnd')
})

test('a volume that is bound to a claim and lies elsewhere comes to no other node', () => {
  const cluster = clusterStateOf([node('a')], [])
  const matchExpressions = [{ key: 'kubernetes.io/hostname', operator: 'In', values: ['b'] }]
  cluster.storage.setVolume({
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name: 'v' },
    spec: { nodeAffinity: { required: { nodeSelectorTerms: [{ matchExpressions }] } } },
  })
  cluster.storage.setClaim({
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: {
      ...{ name: 'data', namespace: 'default' },
      annotations: { 'pv.kubernetes.io/bind-completed': 'yes' },
    },
    spec: { volumeName: 'v' },
    status: { phase: 'Bound' },
  })
  const wanting = pod({ volumes: [{ name: 'v', persistentVolumeClaim: { claimName: 'data' } }] })
  const known = { cluster, policies: defaultPolicies, podNamed: () => undefined }
  const { outlook, message } = allSteps(advise(wanting, known))
  assert.match(message ?? '', /1 node\(s\) had volume node affinity conflict/)
  assert.equal(outlook, 'Never')
})

test('a node without the label that pods are spread by waits for nobody', () => {
  const constraint = { maxSkew: 1, topologyKey: 'rack', whenUnsatisfiable: 'DoNotSchedule' }
  const labelSelector = { matchLabels: { app: 'web' } }
  const spread = pod({ topologySpreadConstraints: [{ ...constraint, labelSelector }] })
  assert.equal(adviceIn(spread, [node('a')]).outlook, 'Never')
})

const required = <T>(terms: readonly T[]) => ({
  requiredDuringSchedulingIgnoredDuringExecution: [...terms],
})

test('each rule that a pod brings along could be dropped, one at a time', () => {
  const of = (wanted: Pod, placed: readonly Pod[] = []) =>
    adviceIn(wanted, [node('a')], placed).changes.filter((change) => change.startsWith('drop'))
  const nodeSelectorTerms = [{ matchExpressions: [{ key: 'disk', operator: 'Exists' }] }]
  const nodeAffinity = { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } }
  assert.deepEqual(of(pod({ affinity: { nodeAffinity } })), ['drop its required node affinity: a'])
  const topologyKey = 'kubernetes.io/hostname'
  const term = { topologyKey, labelSelector: { matchLabels: { app: 'db' } } }
  assert.deepEqual(of(pod({ affinity: { podAffinity: required([term]) } })), [
    `drop its required pod affinity by ${topologyKey}: a`,
  ])
  assert.deepEqual(of(pod({ affinity: { podAffinity: required([term, term]) } })), [])
  const labels = { app: 'web' }
  const constraint = {
    ...{ maxSkew: 1, topologyKey: 'zone', whenUnsatisfiable: 'DoNotSchedule' },
    labelSelector: { matchLabels: labels },
  }
  assert.deepEqual(of(pod({ labels, topologySpreadConstraints: [constraint] })), [
    'drop its spreading over zone by at most 1: a',
  ])
  const soft = { ...constraint, whenUnsatisfiable: 'ScheduleAnyway' }
  const nodeSelector = { disk: 'ssd' }
  assert.deepEqual(of(pod({ nodeSelector, topologySpreadConstraints: [soft] })), [
    'drop its nodeSelector disk=ssd: a',
  ])
})

test('of each sort of change three are told, and the same one once', () => {
  const spec = { unschedulable: true, taints: [{ key: 'gpu', effect: 'NoSchedule' }] }
  const cordon = { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' }
  const cordoned = ['a', 'b', 'c', 'd'].map((name) =>
    node(name, { spec: { unschedulable: true, taints: [cordon] } }),
  )
  assert.deepEqual(adviceIn(pod(), cordoned).changes.slice(1), [
    ...['a', 'b', 'c'].map((name) => `uncordon ${name}: ${name}`),
  ])
  assert.deepEqual(adviceIn(pod(), [node('a', { spec })]).changes, [])
  const tainted = ['a', 'b'].map((name) =>
    node(name, { spec: { taints: [{ key: 'gpu', effect: 'NoExecute' }] } }),
  )
  const { changes } = adviceIn(pod(), tainted)
  assert.deepEqual(
    changes.filter((change) => change.startsWith('tolerate')).length,
    1,
    changes.join(),
  )
})

test('a taint that says only that a node is not ready is nobody’s to remove', () => {
  const conditions = [{ type: 'Ready', status: 'False' }]
  const taints = [{ key: 'gpu', effect: 'NoSchedule' }]
  const away = { ...node('a', { spec: { taints } }), status: { conditions } }
  assert.deepEqual(adviceIn(pod(), [away]).changes, [])
})

test('those end first that are worth least, and of equals those that ask for least', () => {
  const [important, large, small] = [
    pod({ nodeName: 'a', priority: 5, requests: { cpu: '1' } }),
    pod({ nodeName: 'a', requests: { cpu: '2' } }),
    pod({ nodeName: 'a', requests: { cpu: '1', memory: '1Gi' } }),
  ]
  const wanting = pod({ requests: { cpu: '1' }, priority: -1 })
  const { changes } = adviceIn(wanting, [node('a')], [important, large, small])
  assert.deepEqual(
    changes.filter((change) => change.startsWith('end pod')),
    [small, large, important].map(({ metadata }) => `end pod default/${metadata.name} on a: a`),
  )
  const strangers = clusterStateOf([node('a')], [full('a')])
  const podNamed = () => pod()
  const known = { cluster: strangers, policies: defaultPolicies, podNamed }
  const told = allSteps(advise(pod({ requests: { cpu: '2' } }), known)).changes.map(
    ({ change }) => change,
  )
  assert.ok(!told.some((change) => change.startsWith('end pod')), 'it is another pod by now')
})

test('one more of each sort of node is tried, the smallest first', () => {
  const sized = (name: string, cpu: string) => node(name, { allocatable: { cpu } })
  const nodes = [sized('large', '9'), sized('small', '4'), sized('smaller', '4')]
  const placed = [full('large', '9'), full('small', '4'), full('smaller', '4')]
  const { changes } = adviceIn(pod({ requests: { cpu: '3' } }), nodes, placed)
  assert.deepEqual(
    changes.filter((change) => change.startsWith('add')),
    ['add a node like small: another-small', 'add a node like large: another-large'],
  )
})

test('less is asked for by the container that asks for most, in the words of each resource', () => {
  const asking = (...requests: readonly Record<string, string>[]) =>
    pod({
      containers: requests.map((each, index) => ({
        ...{ name: `c-${index}`, image: 'i' },
        resources: { requests: each },
      })),
    })
  const first = (wanted: Pod, options = {}) => adviceIn(wanted, [node('a', options)]).changes[0]
  assert.equal(first(asking({ cpu: '3' }, { cpu: '2' })), 'ask for 4 cpu instead of 5: a')
  assert.equal(first(asking({ cpu: '3500m' }, { cpu: '3500m' })), 'ask for 4 cpu instead of 7: a')
  const even = asking({ cpu: '10' }, { cpu: '10' })
  assert.equal(first(even), undefined, 'one container alone is not enough')
  const allocatable = { cpu: '2500m' }
  assert.equal(first(asking({ cpu: '3' }), { allocatable }), 'ask for 2500m cpu instead of 3: a')
  const gpu = 'example.com/gpu'
  const devices = { allocatable: { [gpu]: '2' } }
  assert.equal(first(asking({ [gpu]: '3' }), devices), `ask for 2 ${gpu} instead of 3: a`)
  const memory = { allocatable: { memory: '1500Mi' } }
  assert.equal(first(asking({ memory: '2Gi' }), memory), 'ask for 1500Mi memory instead of 2Gi: a')
  assert.equal(first(asking({ [gpu]: '3' })), undefined, 'there is none to ask less of')
})

test('a pod that is about to go is not tried', () => {
  const made = pod()
  const metadata = { ...made.metadata, deletionTimestamp: '2026-01-01T00:00:00Z' }
  assert.equal(adviceIn({ ...made, metadata }, [node('a')]).why, 'it is being deleted')
})

test('who is not tried at all, and who only has to wait a moment', () => {
  const gated = adviceIn(pod({ schedulingGates: [{ name: 'quota' }] }), [node('a')])
  assert.deepEqual(
    [gated.outlook, gated.why],
    ['NotTried', 'waiting for scheduling gates: [quota]'],
  )
  const { outlook, why } = adviceIn(pod({ schedulerName: 'mine' }), [node('a')])
  assert.equal(outlook, 'NotTried')
  assert.match(why, /it waits for the scheduler "mine"; here are placed pods of default-scheduler/)
  assert.equal(adviceIn(pod(), [node('a')]).outlook, 'Soon')
  assert.equal(adviceIn(pod(), []).why, 'there are no nodes')
})

test('advice as text', () => {
  const cluster = clusterStateOf([node('a')], [full('a')])
  const advice = allSteps(
    advise(pod({ requests: { cpu: '2' } }), {
      cluster,
      policies: defaultPolicies,
      podNamed: () => undefined,
    }),
  )
  assert.deepEqual(formatAdvice(advice), [
    'Now: waiting can help: there are nodes that would suit if pods on them ended',
    `     ${advice.message}`,
    '',
    'Any one of these would place it (each was tried on the scheduler):',
    '  ask for 1 cpu instead of 2  → a',
    '  add a node like a           → another-a',
  ])
})

test('where no single change helps, that is said; of who is not tried it is not', () => {
  const told = (wanted: Pod) => {
    const cluster = clusterStateOf([node('a', { labels: { disk: 'hdd' } })], [])
    const known = { cluster, policies: defaultPolicies, podNamed: () => undefined }
    return formatAdvice(allSteps(advise(wanted, known))).at(-1)
  }
  const wanted = { nodeSelector: { disk: 'ssd' }, requests: { cpu: '99' } }
  assert.equal(told(pod(wanted)), 'No single change that was tried would place it.')
  assert.match(told(pod({ ...wanted, schedulerName: 'mine' })) ?? '', /^Now: it waits for/)
  assert.match(told(pod({})) ?? '', /^Now: a suits it as things are/)
})

test('a pod that may end others only has to wait for that', () => {
  const standing = full('a')
  const { outlook, why } = adviceIn(
    pod({ priority: 5, requests: { cpu: '2' } }),
    [node('a')],
    [standing],
  )
  assert.equal(outlook, 'Soon')
  assert.equal(why, `It makes room on a by ending default/${standing.metadata.name}.`)
})
