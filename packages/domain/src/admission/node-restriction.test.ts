import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Node } from '@reckon/kubernetes'
import { publicKeyAnnotation } from '@reckon/node-plane'
import { firstRegistration, registered } from './node-restriction.ts'

type Said = { metadata?: object; spec?: Node['spec']; status?: Node['status'] }

const node = ({ metadata = {}, spec = {}, status }: Said): Node => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name: 'a', ...metadata },
  spec,
  ...(status && { status }),
})

const taint = { key: 'dedicated', value: 'db', effect: 'NoSchedule' }
const recorded = node({
  metadata: {
    uid: 'u',
    labels: { 'kubernetes.io/hostname': 'a', team: 'x', 'node-role.kubernetes.io/db': '' },
    annotations: { note: 'by a person' },
    finalizers: ['example.com/kept'],
  },
  spec: {
    podCIDR: '10.244.1.0/24',
    podCIDRs: ['10.244.1.0/24'],
    unschedulable: true,
    taints: [taint],
  },
  status: { phase: 'Running' },
})

/** Given a recorded Node, when its agent reports, then this is recorded, or refused. */
const given = (current: Node | undefined) => ({
  when: (said: Said) => {
    const report = node(said)
    const decide = () => (current ? registered(current, report) : firstRegistration(report))
    return {
      thenIs: (wanted: Node) => assert.deepEqual(decide(), wanted),
      thenRefused: (message: RegExp) =>
        assert.throws(decide, (error: Error & { reason?: string }) => {
          assert.match(error.message, message)
          return error.reason === 'Forbidden'
        }),
    }
  },
})

test('a node may say its status, its own labels and its key', () => {
  const labels = {
    'kubernetes.io/hostname': 'b',
    'topology.kubernetes.io/zone': 'z',
    'node.kubernetes.io/instance-type': 'big',
    'kubelet.kubernetes.io/x': '1',
    'gpu.node.kubernetes.io/y': '2',
  }
  given(recorded)
    .when({
      metadata: { labels, annotations: { [publicKeyAnnotation]: 'k' } },
      status: { capacity: { cpu: '4' } },
    })
    .thenIs({
      ...recorded,
      metadata: {
        ...recorded.metadata,
        labels: { ...recorded.metadata.labels, ...labels },
        annotations: { note: 'by a person', [publicKeyAnnotation]: 'k' },
      },
      status: { phase: 'Running', capacity: { cpu: '4' } },
    })
})

const stays: [string, Said][] = [
  ['uncordons itself', { spec: { unschedulable: false } }],
  ['drops its taints', { spec: { taints: [] } }],
  ['taints itself', { spec: { taints: [taint, { ...taint, key: 'more' }] } }],
  [
    'takes another range of addresses',
    { spec: { podCIDR: '10.0.0.0/8', podCIDRs: ['10.0.0.0/8'] } },
  ],
  ['says which machine of a cloud it is', { spec: { providerID: 'cloud://1' } }],
  [
    'becomes owned',
    { metadata: { ownerReferences: [{ apiVersion: 'v1', kind: 'Pod', name: 'p', uid: 'p' }] } },
  ],
  ['drops finalizers', { metadata: { finalizers: [] } }],
  ['is deleted', { metadata: { deletionTimestamp: '2026-01-01T00:00:00Z' } }],
  ['is another object', { metadata: { uid: 'v', creationTimestamp: '2026-01-01T00:00:00Z' } }],
  ['takes a label of users', { metadata: { labels: { team: 'secret', tier: 'gold' } } }],
  [
    'writes an annotation of others',
    { metadata: { annotations: { note: 'by a node', 'reckon.dev/other': '' } } },
  ],
  ['says again what a person set', { metadata: { labels: { 'node-role.kubernetes.io/db': '' } } }],
]
for (const [what, said] of stays) {
  test(`a report in which a node ${what} changes nothing`, () =>
    given(recorded).when(said).thenIs(recorded))
}

const forbidden = [
  'node-restriction.kubernetes.io/pci',
  'eu.node-restriction.kubernetes.io/pci',
  'node-role.kubernetes.io/control-plane',
  'kubernetes.io/role',
  'app.k8s.io/name',
]
for (const label of forbidden) {
  test(`a node may not give itself the label ${label}, at first or later`, () => {
    const said = { metadata: { labels: { [label]: 'x' } } }
    given(undefined)
      .when(said)
      .thenRefused(new RegExp(`is not allowed to set the following labels: ${label}`))
    given(recorded)
      .when(said)
      .thenRefused(new RegExp(`is not allowed to modify labels: ${label}`))
  })
}

test('the first registration chooses taints, schedulability and labels of users, and no more', () => {
  const chosen = { taints: [taint], unschedulable: true, providerID: 'cloud://1' }
  given(undefined)
    .when({
      metadata: {
        uid: 'v',
        labels: { team: 'x', 'kubernetes.io/os': 'linux' },
        annotations: { [publicKeyAnnotation]: 'k', note: 'n' },
        finalizers: ['example.com/held'],
        ownerReferences: [{ apiVersion: 'v1', kind: 'Pod', name: 'p', uid: 'p' }],
      },
      spec: { ...chosen, podCIDR: '10.0.0.0/8', podCIDRs: ['10.0.0.0/8'] },
      status: { phase: 'Running' },
    })
    .thenIs(
      node({
        metadata: {
          labels: { team: 'x', 'kubernetes.io/os': 'linux' },
          annotations: { [publicKeyAnnotation]: 'k' },
        },
        spec: chosen,
        status: { phase: 'Running' },
      }),
    )
})

test('a node that says no labels and no annotations gets no empty ones', () => {
  given(undefined).when({}).thenIs(node({}))
  given(node({})).when({}).thenIs(node({}))
})
