import { test } from 'node:test'
import { given, node, pod } from './scenario.fixture.ts'

test('what all pods ask for must fit, resource by resource', () => {
  const cluster = given(
    node('a', { allocatable: { cpu: '1', 'example.com/gpu': '1' } }),
    pod({ nodeName: 'a', requests: { cpu: '500m', 'example.com/gpu': '1' } }),
  )
  cluster.when(pod({ requests: { cpu: '500m' } })).thenSuits('a')
  cluster
    .when(pod({ requests: { cpu: '501m', 'example.com/gpu': '1' } }))
    .thenRejected('a', 'NodeResourcesFit', 'Insufficient cpu, Insufficient example.com/gpu')
})

test('a node has so many places', () =>
  given(node('a', { allocatable: { pods: '1' } }), pod({ nodeName: 'a' }))
    .when(pod())
    .thenRejected('a', 'NodeResourcesFit', 'Too many pods'))

test('the node with the most left over is best; who asks for nothing counts a little', () => {
  const cluster = given(
    node('a'),
    node('b'),
    pod({ nodeName: 'b', requests: { cpu: '2', memory: '4Gi' } }),
  )
  cluster
    .when(pod({ requests: { cpu: '1', memory: '2Gi' } }))
    .thenScored('NodeResourcesFit', { a: 75, b: 25 })
  cluster.when(pod()).thenScored('NodeResourcesFit', { a: 97, b: 47 })
})

test('who asks for nothing of a resource does not mind that there is less than nothing', () =>
  given(node('a', { allocatable: { cpu: '1' } }), pod({ nodeName: 'a', requests: { cpu: '2' } }))
    .when(pod({ requests: { cpu: '0' } }))
    .thenSuits('a'))

test('a node that has nothing has nothing left over', () =>
  given(node('a', { allocatable: { cpu: '0', memory: '0' } }), node('b'))
    .when(pod({ requests: { cpu: '0', memory: '0' } }))
    .thenScored('NodeResourcesFit', { a: 0, b: 100 }))

test('a node of which more is asked for than it has is no better than a full one', () =>
  given(
    node('a', { allocatable: { cpu: '1', memory: '8Gi' } }),
    pod({ nodeName: 'a', requests: { cpu: '3' } }),
  )
    .when(pod({ requests: { cpu: '0', memory: '4Gi' } }))
    .thenScored('NodeResourcesFit', { a: 23 }))
