import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Decision, NodeVerdict } from '@reckon/domain'
import { place } from '../placing/place.ts'
import { node, pod } from '../plugins/scenario.fixture.ts'
import { defaultPolicy } from '../policy/default-policy.ts'
import { clusterStateOf } from '../state/cluster-state.fixture.ts'
import { digestIn, recordedOf, verdictsOf } from './recorded.ts'

const recorded = (count: number, wanted = pod()) => {
  const nodes = Array.from({ length: count }, (_, n) => node(`n-${n}`))
  return recordedOf(place(wanted, clusterStateOf(nodes, []), defaultPolicy))
}
const decisionOf = (told: Partial<Decision>) => told as Decision
const tooLarge = pod({ requests: { cpu: '1000' } })

test('up to a hundred nodes every verdict is recorded, beyond that what they come to', () => {
  const { table, digest } = recorded(100)
  assert.deepEqual([table?.nodes.names.length, digest], [100, undefined])
  const beyond = recorded(101)
  assert.equal(beyond.table, undefined)
  assert.deepEqual([beyond.digest?.nodeCount, beyond.digest?.suitingCount], [101, 101])
  assert.equal(verdictsOf(decisionOf(beyond), undefined).length, 3)
  const { digest: unsuited } = recorded(101, tooLarge)
  assert.deepEqual(
    [unsuited?.suitingCount, unsuited?.reasons],
    [0, [{ reason: 'Insufficient cpu', count: 101 }]],
  )
})

test('how many were equally good is recorded where one was chosen', () => {
  assert.equal(recorded(3).tie?.tied, 3)
  assert.ok(!('tie' in recorded(3, tooLarge)))
})

const verdict = (node: string, total?: number): NodeVerdict => ({
  node,
  passed: [],
  ...(total !== undefined && { total }),
})
const namesOf = (verdicts: readonly NodeVerdict[]) => verdicts.map(({ node }) => node)

test('the chosen node is told first, then the better one, of equals by name, at last who was rejected', () => {
  const filters = ['NodeName']
  const table = {
    nodes: { prefix: '', suffix: '', names: ['a', 'b', 'c', 'd', 'e'] },
    filters,
    rejections: [{ plugin: 'NodeName', reason: 'other' }],
    verdicts: [0, -1, -1, -1, -1],
    scores: { ImageLocality: [0, 5, 9, 5] },
  }
  const told = verdictsOf({ table } as unknown as Decision, 'e')
  assert.deepEqual(namesOf(told), ['e', 'd', 'c', 'b', 'a'])
})

test('a digest that told the best one by one says the same', () => {
  const now = decisionOf(recorded(101))
  const best = verdictsOf(now, undefined)
  const before = decisionOf({ digest: { nodeCount: 101, suitingCount: 101, reasons: [], best } })
  assert.deepEqual(verdictsOf(before, undefined), best)
  assert.deepEqual(digestIn(before), now.digest)
})

test('without a table those are told that the decision names, at least the best', () => {
  const best = { best: [verdict('b', 1)] }
  const all = { nodes: [verdict('a')], digest: best } as unknown as Decision
  assert.deepEqual(namesOf(verdictsOf(all, undefined)), ['a'])
  const digested = { digest: best } as unknown as Decision
  assert.deepEqual(namesOf(verdictsOf(digested, 'b')), ['b'])
  assert.deepEqual(verdictsOf({} as Decision, undefined), [])
})
