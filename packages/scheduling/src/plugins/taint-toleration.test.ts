import { test } from 'node:test'
import { given, node, pod } from './scenario.fixture.ts'

const tainted = (name: string, effect: string) =>
  node(name, { spec: { taints: [{ key: 'team', value: 'x', effect }] } })

test('a hard taint keeps off who does not tolerate it', () => {
  for (const effect of ['NoSchedule', 'NoExecute']) {
    const cluster = given(tainted('a', effect))
    const reason = 'node(s) had untolerated taint {team: x}'
    cluster.when(pod()).thenRejected('a', 'TaintToleration', reason)
    cluster.when(pod({ tolerations: [{ key: 'team', value: 'y' }] })).thenSuits()
    cluster.when(pod({ tolerations: [{ key: 'team', value: 'x' }] })).thenSuits('a')
  }
})

test('a soft taint costs points, relative to the node with the most of them', () => {
  const cluster = given(node('a'), tainted('b', 'PreferNoSchedule'))
  cluster.when(pod()).thenScored('TaintToleration', { a: 300, b: 0 })
  cluster
    .when(pod({ tolerations: [{ key: 'team', operator: 'Exists' }] }))
    .thenScored('TaintToleration', { a: 300, b: 300 })
})

test('a toleration of hard effects alone is no toleration of a soft taint', () =>
  given(node('a'), tainted('b', 'PreferNoSchedule'))
    .when(pod({ tolerations: [{ key: 'team', operator: 'Exists', effect: 'NoSchedule' }] }))
    .thenScored('TaintToleration', { a: 300, b: 0 }))
