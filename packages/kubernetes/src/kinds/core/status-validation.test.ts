import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { NodeStatus, PodStatus } from '../../object.ts'
import { validateNodeSpec, validateNodeStatus } from './node-validation.ts'
import { validatePodStatus } from './pod-status-validation.ts'

const container = { name: 'c', image: 'i', imageID: '', ready: true, restartCount: 0 }

test('a status as an agent reports it is right', () => {
  const status: PodStatus = {
    phase: 'Running',
    podIP: '10.244.1.2',
    podIPs: [{ ip: '10.244.1.2' }],
    hostIP: '192.0.2.1',
    hostIPs: [{ ip: '192.0.2.1' }],
    conditions: [{ type: 'Ready', status: 'True' }],
    containerStatuses: [
      { ...container, containerID: 'docker://4f2c', state: { running: {} }, lastState: {} },
    ],
  }
  assert.deepEqual(validatePodStatus(status), [])
  assert.deepEqual(validatePodStatus({}), [])
})

const badPods: [string, PodStatus][] = [
  ['status.podIP', { podIP: '10.244.2.9/24' }],
  ['status.hostIP', { hostIP: 'host' }],
  ['status.podIPs[0].ip', { podIP: '10.0.0.1', podIPs: [{ ip: '10.0.0.2' }] }],
  ['status.hostIPs[0].ip', { hostIP: '10.0.0.1\n', hostIPs: [{ ip: '10.0.0.1\n' }] }],
  ['status.phase', { phase: 'Dancing' }],
  ['status.conditions[0].status', { conditions: [{ type: 'Ready', status: 'Perhaps' }] }],
  [
    'status.conditions[1].type',
    {
      conditions: Array(2).fill({ type: 'Ready', status: 'True' }) as PodStatus['conditions'] & [],
    },
  ],
  [
    'status.containerStatuses[0].restartCount',
    { containerStatuses: [{ ...container, restartCount: -1 }] },
  ],
  [
    'status.containerStatuses[0].containerID',
    { containerStatuses: [{ ...container, containerID: 'no id' }] },
  ],
  [
    'status.containerStatuses[0].state',
    { containerStatuses: [{ ...container, state: { running: {}, waiting: {} } }] },
  ],
  ['status.containerStatuses[1].name', { containerStatuses: [container, container] }],
  ['status.message', { message: 'x'.repeat(40_000) }],
]
for (const [field, status] of badPods) {
  test(`a pod's status is refused for its ${field}`, () => {
    assert.ok(validatePodStatus(status).some((error) => error.field === field))
  })
}

const badNodes: [string, NodeStatus][] = [
  ['status.addresses[0].address', { addresses: [{ type: 'InternalIP', address: '10.0.0.1/8' }] }],
  ['status.addresses[0].type', { addresses: [{ type: 'Street', address: 'a' }] }],
  ['status.conditions[0].type', { conditions: [{ type: '', status: 'True' }] }],
  ['status.capacity.cpu', { capacity: { cpu: '-4' } }],
  ['status.allocatable.memory', { allocatable: { memory: '-1Ki' } }],
]
for (const [field, status] of badNodes) {
  test(`a node's status is refused for its ${field}`, () => {
    assert.ok(validateNodeStatus(status).some((error) => error.field === field))
  })
}

test('an address of a node without what it is is refused, not stumbled over', () => {
  const status: NodeStatus = JSON.parse('{"addresses":[{"type":"InternalIP"},{"address":"a"}]}')
  assert.deepEqual(
    validateNodeStatus(status).map(({ field }) => field),
    ['status.addresses[0].address'],
  )
})

test("a node's ranges are IPv4 ranges, the first of them the single one", () => {
  assert.deepEqual(validateNodeSpec({ podCIDR: '10.244.1.0/24', podCIDRs: ['10.244.1.0/24'] }), [])
  assert.equal(
    validateNodeSpec({ podCIDR: '10.244.1.0/24', podCIDRs: ['10.244.2.0/24'] }).length,
    1,
  )
  assert.equal(validateNodeSpec({ podCIDR: 'x', podCIDRs: ['x'] }).length, 1)
})
