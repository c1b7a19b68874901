import assert from 'node:assert/strict'
import { test } from 'node:test'
import { allSteps } from '../all-steps.fixture.ts'
import { node, pod } from '../plugins/scenario.fixture.ts'
import { defaultPolicies } from '../policy/policies.ts'
import { clusterStateOf } from '../state/cluster-state.fixture.ts'
import { formatWhyNot } from './format-advice.ts'
import { whyNot } from './why-not.ts'

const policies = defaultPolicies

test('every rule that keeps a pod off a node is told, not the first alone', () => {
  const spec = { unschedulable: true, taints: [{ key: 'gpu', effect: 'NoSchedule' }] }
  const cluster = clusterStateOf([node('a'), node('b', { spec })], [])
  const wanted = pod({ requests: { cpu: '9' } })
  const told = allSteps(whyNot(wanted, 'b', { cluster, policies })) ?? assert.fail()
  assert.deepEqual(
    told.plugins.flatMap(({ plugin, reason }) => (reason ? [[plugin, reason]] : [])),
    [
      ['NodeUnschedulable', 'node(s) were unschedulable'],
      ['TaintToleration', 'node(s) had untolerated taint {gpu: }'],
      ['NodeResourcesFit', 'Insufficient cpu'],
    ],
  )
  assert.match(formatWhyNot('web', told), /^pod\/web does not fit b: 3 of its rules reject it\n/)
})

test('a node that suits and is not the best is compared with that one', () => {
  const busy = pod({ nodeName: 'b', requests: { cpu: '3', memory: '1Gi' } })
  const standing = pod({ nodeName: 'a', requests: { cpu: '1' } })
  const cluster = clusterStateOf([node('a'), node('b')], [busy, standing])
  const told = allSteps(whyNot(standing, 'b', { cluster, policies })) ?? assert.fail()
  assert.deepEqual([told.isThere, told.best?.node], [false, 'a'])
  assert.ok((told.total ?? 0) < (told.best?.total ?? 0))
  const text = formatWhyNot('web', told)
  assert.match(text, /^pod\/web fits b, but a is better\n/)
  assert.match(text, /NodeResourcesFit +scores \d+ \(a: \d+\)/)
  const there = allSteps(whyNot(standing, 'a', { cluster, policies })) ?? assert.fail()
  assert.match(formatWhyNot('web', there), /^pod\/web is on a\n/)
})

test('of what is not there nothing is told', () => {
  const cluster = clusterStateOf([node('a')], [])
  assert.equal(allSteps(whyNot(pod(), 'x', { cluster, policies })), undefined)
  assert.equal(
    allSteps(whyNot(pod({ schedulerName: 'mine' }), 'a', { cluster, policies })),
    undefined,
  )
})
