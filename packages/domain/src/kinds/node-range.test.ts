import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isInCidr, type Node, parseCidr } from '@reckon/kubernetes'
import { settingsFor } from '../cluster.ts'
import { nodeRules } from './node.ts'
import { freeNodeRange } from './node-range.ts'
import { contextWith } from './prepare-context.fixture.ts'

/** A cluster founded for so many nodes, to which Nodes and reservations come. */
function clusterFor(nodes: number) {
  const held = new Set<string>()
  const context = contextWith({
    cluster: { cluster: 'c', founded: 'f', settings: settingsFor(nodes) },
    holderOf: ({ value }) => (held.has(value) ? { stream: 'nodes-/x', uid: 'x' } : undefined),
  })
  const create = (name: string, spec: Node['spec'] = {}) => {
    const object = nodeRules.prepareCreate?.(node(name, spec), context) as Node
    for (const { value } of nodeRules.reservables?.(object) ?? []) held.add(value)
    return object.spec.podCIDR
  }
  return { context, create, reserve: (range: string) => held.add(range) }
}

const node = (name: string, spec: Node['spec'] = {}): Node => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name, uid: name },
  spec,
})

test('300 nodes have 300 ranges, each inside of what the cluster was founded with', () => {
  const { clusterCidr } = settingsFor(300)
  const cluster = clusterFor(300)
  const ranges = Array.from(
    { length: 300 },
    (_, index) => cluster.create(`node-${index + 1}`) ?? '',
  )
  assert.equal(new Set(ranges).size, 300)
  assert.ok(ranges.every((range) => isInCidr(range.split('/')[0] ?? '', clusterCidr)))
  assert.ok(ranges.every((range) => range.endsWith('/24')))
  assert.deepEqual([ranges[0], ranges[299]], ['10.244.1.0/24', '10.245.44.0/24'])
})

test('nodes whose names say nothing get different ranges too, and so do names that end alike', () => {
  const cluster = clusterFor(3)
  const names = ['ada', 'bob', 'x-7', 'y-7', 'z-07', '255', '256', '510']
  const ranges = names.map((name) => cluster.create(name))
  assert.equal(new Set(ranges).size, names.length)
})

test('a range that is held, or lies in a greater one that a client chose, is not given', () => {
  const cluster = clusterFor(3)
  cluster.reserve('10.244.1.0/24')
  cluster.create('chosen', { podCIDR: '10.244.2.9/23' })
  assert.equal(cluster.create('node-1'), '10.244.4.0/24')
})

test('what a client chose stays, whichever of the fields says it', () => {
  const cluster = clusterFor(3)
  assert.equal(cluster.create('a', { podCIDRs: ['192.0.2.0/24'] }), '192.0.2.0/24')
})

test('where none is left a node has none, and gets one with the next change after one is free', () => {
  const cluster = clusterFor(3)
  const given = Array.from({ length: 256 }, (_, index) => cluster.create(`node-${index}`))
  assert.equal(new Set(given).size, 256)
  assert.ok(given.includes('10.244.0.0/24'))
  assert.equal(cluster.create('late'), undefined)
  assert.equal(freeNodeRange('late', cluster.context), undefined)
  const late = node('late')
  const roomy = clusterFor(3)
  const after = nodeRules.prepareUpdate?.(late, late, roomy.context) as Node
  assert.equal(parseCidr(after.spec.podCIDR ?? '').size, 256)
  const kept = node('kept', { podCIDR: '10.0.0.0/24' })
  assert.equal(nodeRules.prepareUpdate?.(kept, kept, roomy.context), kept)
})

test('the range is held for the Node alone', () => {
  assert.deepEqual(nodeRules.reservables?.(node('a', { podCIDR: '10.244.1.7/24' })), [
    { pool: 'podcidrs', value: '10.244.1.0/24', field: 'spec.podCIDR', outlives: true },
  ])
  assert.deepEqual(nodeRules.reservables?.(node('a')), [])
})

test('a node whose name ends in a number asks for the range of that number, others for any', () => {
  assert.equal(clusterFor(3).create('node-7'), '10.244.7.0/24')
  assert.equal(clusterFor(3).create('ada'), '10.244.1.0/24')
})

test('of a cluster with one range only one node gets it', () => {
  const { context } = clusterFor(1)
  const settings = { ...settingsFor(1), clusterCidr: '10.244.0.0/24', nodeCidrMaskSize: 24 }
  const small = { ...context, cluster: { cluster: 'c', founded: 'f', settings } }
  assert.equal(freeNodeRange('node-1', small), '10.244.0.0/24')
})

test('a range that is none is left for validation to name, and holds nothing', () =>
  assert.deepEqual(nodeRules.reservables?.(node('a', { podCIDR: 'nonsense' })), []))
