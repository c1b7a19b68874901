import assert from 'node:assert/strict'
import { test } from 'node:test'
import { allSteps } from '../all-steps.fixture.ts'
import { node, pod } from '../plugins/scenario.fixture.ts'
import { defaultPolicies } from '../policy/policies.ts'
import { clusterStateOf } from '../state/cluster-state.fixture.ts'
import { type PodSupposition, supposePod } from './suppose-pod.ts'

const policies = defaultPolicies
const standing = pod({ nodeName: 'a', requests: { cpu: '1' } })
const busy = pod({ nodeName: 'b', requests: { cpu: '3' } })

const supposed = (supposition: PodSupposition, of = standing) => {
  const cluster = clusterStateOf([node('a'), node('b')], [standing, busy])
  const another = supposition.another === undefined ? undefined : node(supposition.another)
  const { hash } = cluster
  const steps = supposePod(of, supposition, { cluster, policies, ...(another && { another }) })
  const told = allSteps(steps) ?? assert.fail()
  assert.equal(cluster.hash, hash, 'the cluster is as it was')
  return told
}

test('with nothing else supposed a pod comes out where it was, twice', () => {
  const { before, after } = supposed({})
  assert.equal(before.nodeName, 'a')
  assert.deepEqual(after, before)
})

test('without its node it goes to another, and what it asks for may leave none', () => {
  const { before, after } = supposed({ without: ['a'] })
  assert.deepEqual([before.nodeName, after.nodeName], ['a', 'b'])
  assert.deepEqual(
    after.nodes.map((each) => each.node),
    ['b'],
  )
  const large = supposed({ requests: { cpu: '90' } })
  assert.equal(large.after.nodeName, undefined)
  assert.match(large.after.message, /0\/2 nodes are available: 2 Insufficient cpu/)
})

test('another node like one of them is empty, and is told apart by its name', () => {
  const { after } = supposed({
    another: 'b',
    nodeSelector: { 'kubernetes.io/hostname': 'another-b' },
  })
  assert.equal(after.nodeName, 'another-b')
})

test('of a pod that no scheduler here places nothing is told', () => {
  const cluster = clusterStateOf([node('a')], [])
  assert.equal(
    allSteps(supposePod(pod({ schedulerName: 'mine' }), {}, { cluster, policies })),
    undefined,
  )
})
