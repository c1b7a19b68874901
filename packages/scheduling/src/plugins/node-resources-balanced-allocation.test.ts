import { test } from 'node:test'
import { given, node, pod } from './scenario.fixture.ts'

test('a node is best where CPU and memory would be used alike', () =>
  given(node('a'), node('b'), pod({ nodeName: 'b', requests: { memory: '4Gi' } }))
    .when(pod({ requests: { cpu: '2' } }))
    .thenScored('NodeResourcesBalancedAllocation', { a: 75, b: 100 }))

test('of a node that has nothing nothing is used', () =>
  given(node('a', { allocatable: { cpu: '0', memory: '0' } }))
    .when(pod({ requests: { cpu: '0', memory: '0' } }))
    .thenScored('NodeResourcesBalancedAllocation', { a: 100 }))
