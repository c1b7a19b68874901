import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Node, Pod } from '@reckon/kubernetes'
import { node, pod } from '../plugins/scenario.fixture.ts'
import { defaultPolicies } from '../policy/policies.ts'
import { clusterStateOf } from '../state/cluster-state.fixture.ts'
import { advise } from './advice.ts'
import { formatAdvice } from './format-advice.ts'

function adviceIn(wanted: Pod, nodes: readonly Node[], placed: readonly Pod[] = []) {
  const cluster = clusterStateOf(nodes, placed)
  const before = cluster.hash
  const podNamed = (_: string, name: string) =>
    placed.find(({ metadata }) => metadata.name === name)
  const advice = advise(wanted, { cluster, policies: defaultPolicies, podNamed })
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
  assert.equal(advise(wanting, known).outlook, 'WhenPodsEnd')
})

test('a node without the label that pods are spread by waits for nobody', () => {
  const constraint = { maxSkew: 1, topologyKey: 'rack', whenUnsatisfiable: 'DoNotSchedule' }
  const labelSelector = { matchLabels: { app: 'web' } }
  const spread = pod({ topologySpreadConstraints: [{ ...constraint, labelSelector }] })
  assert.equal(adviceIn(spread, [node('a')]).outlook, 'Never')
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
  const advice = advise(pod({ requests: { cpu: '2' } }), {
    cluster,
    policies: defaultPolicies,
    podNamed: () => undefined,
  })
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
    return formatAdvice(advise(wanted, known)).at(-1)
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
