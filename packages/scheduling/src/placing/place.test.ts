import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Node, Pod } from '@reckon/kubernetes'
import { recordedOf } from '../explaining/recorded.ts'
import { defaultPolicy } from '../policy/default-policy.ts'
import { clusterStateOf } from '../state/cluster-state.fixture.ts'
import { place } from './place.ts'
import { verdictsIn } from './verdict-table.ts'

type NodeOptions = {
  labels?: Record<string, string>
  ready?: string
  spec?: Node['spec']
  cpu?: string
  memory?: string
  pods?: string
}

const node = (name: string, options: NodeOptions = {}): Node => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name, labels: options.labels ?? {} },
  spec: options.spec ?? {},
  status: {
    allocatable: {
      cpu: options.cpu ?? '2',
      memory: options.memory ?? '4Gi',
      pods: options.pods ?? '110',
    },
    conditions: [{ type: 'Ready', status: options.ready ?? 'True' }],
  },
})

const pod = (name: string, spec: Partial<Pod['spec']> = {}, cpu?: string): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'default', uid: `uid-${name}` },
  spec: {
    containers: [{ name: 'app', image: 'app', ...(cpu && { resources: { requests: { cpu } } }) }],
    ...spec,
  },
})

const placed = (wanted: Pod, nodes: Node[], bound: Pod[] = []) =>
  place(wanted, clusterStateOf(nodes, bound), defaultPolicy)

test('a pod goes to a node that suits', () => {
  const placement = placed(pod('web'), [node('a')])
  assert.equal(placement.nodeName, 'a')
  assert.equal(placement.message, 'Successfully assigned default/web to a')
  const filters = defaultPolicy.plugins.filter(({ plugin }) => plugin.points.includes('filter'))
  const names = filters.map(({ plugin }) => plugin.name)
  assert.deepEqual(placement.verdicts()[0]?.passed, names)
  assert.equal(typeof placement.verdicts()[0]?.total, 'number')
})

test('a resource that no node has fits none, whatever its name', () => {
  for (const name of ['gpu', 'toString']) {
    const requests = { overhead: { [name]: '1' } }
    assert.equal(placed(pod('web', requests), [node('a')]).nodeName, undefined)
  }
})

test('without nodes there is nothing to choose from', () => {
  assert.equal(placed(pod('web'), []).message, 'no nodes available to schedule pods')
})

test('a nodeSelector that no node carries is told in the words of kubectl users', () => {
  const placement = placed(pod('web', { nodeSelector: { disk: 'ssd' } }), [node('a')])
  assert.equal(placement.nodeName, undefined)
  assert.equal(
    placement.message,
    "0/1 nodes are available: 1 node(s) didn't match Pod's node affinity/selector. " +
      'preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.',
  )
  assert.equal(placement.verdicts()[0]?.rejectedBy?.plugin, 'NodeAffinity')
})

test('each reason is counted, sorted as text', () => {
  const nodes = [
    node('a', { spec: { unschedulable: true } }),
    node('b', { ready: 'False' }),
    node('c', { cpu: '100m', pods: '0' }),
    node('d', { spec: { taints: [{ key: 'gpu', value: 'yes', effect: 'NoSchedule' }] } }),
  ]
  assert.equal(
    placed(pod('web', {}, '200m'), nodes).message,
    '0/4 nodes are available: 1 Insufficient cpu, 1 Too many pods, 1 node(s) had untolerated taint {gpu: yes}, ' +
      '1 node(s) had untolerated taint {node.kubernetes.io/not-ready: }, 1 node(s) were unschedulable. ' +
      'preemption: 0/4 nodes are available: 4 Preemption is not helpful for scheduling.',
  )
})

test('tolerations open tainted, cordoned and unready nodes', () => {
  const everything = { tolerations: [{ operator: 'Exists' }] }
  for (const closed of [
    node('a', { spec: { unschedulable: true } }),
    node('a', { ready: 'Unknown' }),
    node('a', { spec: { taints: [{ key: 'gpu', effect: 'NoExecute' }] } }),
  ]) {
    assert.equal(placed(pod('web', everything), [closed]).nodeName, 'a')
  }
})

test('what bound pods asked for is gone, until they end', () => {
  const bound = pod('first', { nodeName: 'a' }, '1500m')
  assert.equal(
    placed(pod('web', {}, '600m'), [node('a')], [bound]).message,
    '0/1 nodes are available: 1 Insufficient cpu. ' +
      'preemption: 0/1 nodes are available: 1 No preemption victims found for incoming pod.',
  )
  const ended: Pod = { ...bound, status: { phase: 'Succeeded' } }
  assert.equal(placed(pod('web', {}, '600m'), [node('a')], [ended]).nodeName, 'a')
})

test('a host port is taken once on a node and address', () => {
  const ports = (hostIP?: string) => ({
    containers: [
      { name: 'app', ports: [{ containerPort: 80, hostPort: 8080, ...(hostIP && { hostIP }) }] },
    ],
  })
  const taken = pod('first', { ...ports('127.0.0.1'), nodeName: 'a' })
  assert.match(placed(pod('web', ports()), [node('a')], [taken]).message, /free ports/)
  assert.equal(placed(pod('web', ports('127.0.0.2')), [node('a')], [taken]).nodeName, 'a')
})

test('the emptier node is better', () => {
  const bound = pod('first', { nodeName: 'a' }, '1')
  for (const name of ['x', 'y', 'z']) {
    assert.equal(placed(pod(name, {}, '100m'), [node('a'), node('b')], [bound]).nodeName, 'b')
  }
})

test('preferred affinity outweighs a little load', () => {
  const affinity = {
    nodeAffinity: {
      preferredDuringSchedulingIgnoredDuringExecution: [
        {
          weight: 10,
          preference: { matchExpressions: [{ key: 'zone', operator: 'In', values: ['one'] }] },
        },
      ],
    },
  }
  const nodes = [node('a', { labels: { zone: 'one' } }), node('b')]
  const bound = pod('first', { nodeName: 'a' }, '500m')
  assert.equal(placed(pod('web', { affinity }, '100m'), nodes, [bound]).nodeName, 'a')
})

test('required affinity takes any term that holds, by label or by name', () => {
  const affinity = {
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: {
        nodeSelectorTerms: [
          { matchExpressions: [{ key: 'zone', operator: 'Exists' }] },
          { matchFields: [{ key: 'metadata.name', operator: 'In', values: ['b'] }] },
          {},
        ],
      },
    },
  }
  assert.equal(placed(pod('web', { affinity }), [node('a'), node('b')]).nodeName, 'b')
})

test('equal nodes share the pods, and the same pod always gets the same one', () => {
  const nodes = [node('a'), node('b')]
  const names = Array.from({ length: 40 }, (_, index) => pod(`web-${index}`))
  const chosen = names.map((wanted) => placed(wanted, nodes).nodeName)
  const onA = chosen.filter((name) => name === 'a').length
  assert.ok(onA > 10 && onA < 30, `${onA} of 40 on one node`)
  assert.deepEqual(
    names.map((wanted) => placed(wanted, nodes.toReversed()).nodeName),
    chosen,
  )
})

test('beyond a hundred nodes the best are recorded, and how many each reason rejects', () => {
  const nodes = Array.from({ length: 150 }, (_, index) =>
    node(`n${index}`, { ready: index % 3 === 0 ? 'True' : 'False' }),
  )
  const placement = placed(pod('web'), nodes)
  const { digest, table } = recordedOf(placement)
  assert.equal(table, undefined)
  assert.deepEqual([digest?.nodeCount, digest?.suitingCount], [150, 50])
  const reason = 'node(s) had untolerated taint {node.kubernetes.io/not-ready: }'
  assert.deepEqual(digest?.reasons, [{ reason, count: 100 }])
  const names = digest?.leading && verdictsIn(digest.leading).map((verdict) => verdict.node)
  assert.deepEqual([names?.length, names?.[0]], [3, placement.nodeName])
})
