import { test } from 'node:test'
import { given, node, pod } from './scenario.fixture.ts'

const ssd = node('a', { labels: { disk: 'ssd', cores: '16' } })
const mismatch = "node(s) didn't match Pod's node affinity/selector"
const expression = (key: string, operator: string, values: string[]) => ({
  matchExpressions: [{ key, operator, values }],
})

test('a nodeSelector must hold', () => {
  const then = given(ssd, node('b')).when(pod({ nodeSelector: { disk: 'ssd' } }))
  then.thenSuits('a')
  then.thenRejected('b', 'NodeAffinity', mismatch)
})

test('of the required terms one must hold, by labels, numbers or name', () => {
  const required = (...nodeSelectorTerms: object[]) =>
    pod({
      affinity: {
        nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } },
      },
    })
  const cluster = given(ssd, node('b'))
  cluster.when(required(expression('cores', 'Gt', ['8']))).thenSuits('a')
  cluster.when(required(expression('cores', 'Gt', ['16']))).thenSuits()
  cluster.when(required({}, expression('disk', 'DoesNotExist', []))).thenSuits('b')
  const byName = [{ key: 'metadata.name', operator: 'In', values: ['b'] }]
  cluster.when(required({ matchFields: byName })).thenSuits('b')
})

test('preferred terms count by their weights, relative to the best node', () => {
  const preferred = [
    { weight: 30, preference: expression('disk', 'In', ['ssd']) },
    { weight: 10, preference: expression('kubernetes.io/hostname', 'In', ['b']) },
  ]
  const affinity = {
    nodeAffinity: { preferredDuringSchedulingIgnoredDuringExecution: preferred },
  }
  given(ssd, node('b'), node('c'))
    .when(pod({ affinity }))
    .thenScored('NodeAffinity', { a: 200, b: 66, c: 0 })
})
