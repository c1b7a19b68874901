import assert from 'node:assert/strict'
import test from 'node:test'
import { humanDuration } from '../human-duration.ts'
import { pods } from '../kinds/core/pods.ts'
import type { ContainerState, KubernetesObject, Node, Pod, PodStatus } from '../object.ts'
import { resourceNamed } from '../resources.ts'
import { partialMetadata, tableOf } from './tables.ts'

const now = new Date('2026-01-01T01:00:00Z')
const created = '2026-01-01T00:00:00Z'

const pod = (status: PodStatus, metadata = {}, spec = {}): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'web', creationTimestamp: created, ...metadata },
  spec: { containers: [{ name: 'c' }], ...spec },
  status,
})

const container = (state: ContainerState, more = {}) => ({
  name: 'c',
  image: '',
  imageID: '',
  ready: false,
  restartCount: 0,
  state,
  ...more,
})

const cells = (object: KubernetesObject, id = 'pods') =>
  tableOf(resourceNamed(id), resourceNamed(id), [object], { now }).rows[0]?.cells

/** READY, STATUS and RESTARTS. */
const shown = (...of: Parameters<typeof pod>) => cells(pod(...of))?.slice(1, 4)

const running = container({ running: { startedAt: created } }, { ready: true })
const terminated = (exitCode: number, reason?: string) =>
  container({ terminated: { exitCode, ...(reason ? { reason } : {}) } })

test("a pod's status says what keeps it from running", () => {
  const crash = container(
    { waiting: { reason: 'CrashLoopBackOff' } },
    {
      restartCount: 3,
      lastState: { terminated: { exitCode: 1, finishedAt: '2026-01-01T00:55:00Z' } },
    },
  )
  assert.deepEqual(shown({ phase: 'Pending' }), ['0/1', 'Pending', '0'])
  assert.deepEqual(shown({ phase: 'Running', containerStatuses: [running] }), [
    '1/1',
    'Running',
    '0',
  ])
  assert.deepEqual(shown({ phase: 'Running', containerStatuses: [crash] }), [
    '0/1',
    'CrashLoopBackOff',
    '3 (5m ago)',
  ])
  assert.deepEqual(shown({ phase: 'Succeeded', containerStatuses: [terminated(0, 'Completed')] }), [
    '0/1',
    'Completed',
    '0',
  ])
  assert.deepEqual(shown({ phase: 'Failed', containerStatuses: [terminated(3)] }), [
    '0/1',
    'ExitCode:3',
    '0',
  ])
  assert.deepEqual(shown({ phase: 'Failed', reason: 'Evicted' }), ['0/1', 'Evicted', '0'])
})

test('a pod that goes is Terminating until it is done, or Unknown on a lost node', () => {
  const going = { deletionTimestamp: created }
  assert.equal(shown({ phase: 'Running', containerStatuses: [running] }, going)?.[1], 'Terminating')
  assert.equal(shown({ phase: 'Running', reason: 'NodeLost' }, going)?.[1], 'Unknown')
  assert.equal(shown({ phase: 'Succeeded' }, going)?.[1], 'Succeeded')
})

test('init containers show how far they are', () => {
  const spec = { initContainers: [{ name: 'i' }, { name: 'j' }] }
  const init = (...initContainerStatuses: ReturnType<typeof container>[]) =>
    shown({ phase: 'Pending', initContainerStatuses }, {}, spec)?.[1]
  assert.equal(init(container({ running: {} })), 'Init:0/2')
  assert.equal(
    init(terminated(0), container({ waiting: { reason: 'PodInitializing' } })),
    'Init:1/2',
  )
  assert.equal(init(terminated(1, 'Error')), 'Init:Error')
  assert.equal(init(terminated(2)), 'Init:ExitCode:2')
  assert.equal(
    init(container({ waiting: { reason: 'ImagePullBackOff' } })),
    'Init:ImagePullBackOff',
  )
})

test('a started sidecar counts as a container', () => {
  const spec = { initContainers: [{ name: 's', restartPolicy: 'Always' }] }
  const sidecar = { ...running, name: 's', started: true, restartCount: 1 }
  const status = {
    phase: 'Running',
    initContainerStatuses: [sidecar],
    containerStatuses: [running],
  }
  assert.deepEqual(shown(status, {}, spec), ['2/2', 'Running', '1'])
})

test('a node shows its state, roles and addresses', () => {
  const node: Node = {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name: 'n',
      creationTimestamp: created,
      labels: { 'node-role.kubernetes.io/worker': '', 'node-role.kubernetes.io/edge': '' },
    },
    spec: { unschedulable: true },
    status: {
      conditions: [{ type: 'Ready', status: 'True' }],
      addresses: [{ type: 'InternalIP', address: '10.0.0.1' }],
    },
  }
  const unknown = ['<none>', '<unknown>', '<unknown>', '<unknown>']
  assert.deepEqual(cells(node, 'nodes'), [
    'n',
    'Ready,SchedulingDisabled',
    'edge,worker',
    '60m',
    '',
    '10.0.0.1',
    ...unknown,
  ])
})

test('rows carry what was asked for, columns only where wanted', () => {
  const web = pod({ phase: 'Pending' })
  const table = tableOf(pods, pods, [web], { now })
  assert.deepEqual(
    table.columnDefinitions.map(({ name, priority }) => `${name}${priority ? '*' : ''}`),
    [
      'Name',
      'Ready',
      'Status',
      'Restarts',
      'Age',
      'IP*',
      'Node*',
      'Nominated Node*',
      'Readiness Gates*',
    ],
  )
  assert.deepEqual(table.rows[0]?.object, partialMetadata(web))
  const bare = tableOf(pods, pods, [web], { now, columnDefinitions: false, includeObject: 'None' })
  assert.deepEqual(bare.columnDefinitions, [])
  assert.equal(bare.rows[0]?.object, undefined)
  assert.deepEqual(
    tableOf(pods, pods, [web], { now, includeObject: 'Object' }).rows[0]?.object,
    web,
  )
})

test('ages are coarser the longer they are', () => {
  const minute = 60_000
  const [hour, day] = [60 * minute, 24 * 60 * minute]
  const ages: [number, string][] = [
    [-2000, '<invalid>'],
    [-500, '0s'],
    [119_000, '119s'],
    [2 * minute, '2m'],
    [9 * minute + 5000, '9m5s'],
    [179 * minute, '179m'],
    [3 * hour, '3h'],
    [7 * hour + minute, '7h1m'],
    [47 * hour, '47h'],
    [2 * day, '2d'],
    [2 * day + hour, '2d1h'],
    [8 * day + hour, '8d'],
    [400 * day, '400d'],
    [800 * day, '2y70d'],
    [3650 * day, '10y'],
  ]
  for (const [milliseconds, text] of ages) assert.equal(humanDuration(milliseconds), text)
})
