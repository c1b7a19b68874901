import assert from 'node:assert/strict'
import { test } from 'node:test'
import { relativeToBest } from '../framework.ts'
import { NodeScores } from './node-scores.ts'

const rule = { score: () => 0, normalize: relativeToBest }
const rated = (...scores: number[]) => ({ scores })

test('raw scores are related to each other, weighed and summed, whatever was asked before', () => {
  const scores = new NodeScores([
    { plugin: 'A', weight: 2, rule },
    { plugin: 'B', weight: 1, rule: { score: () => 0 } },
  ])
  const [one, other, third] = [rated(1, 7), rated(4, 7), rated(4, 0)]
  for (let times = 0; times < 2; times++) {
    assert.deepEqual(scores.of([one]).totals, [207])
    assert.deepEqual(scores.of([one, one]).totals, [207, 207])
    assert.deepEqual(scores.of([one, other]).totals, [57, 207])
    assert.deepEqual(scores.of([third]).totals, [200])
    assert.deepEqual(scores.of([one, other, third]), {
      scores: [
        { plugin: 'A', values: [50, 200, 200] },
        { plugin: 'B', values: [7, 7, 0] },
      ],
      totals: [57, 207, 200],
    })
    assert.deepEqual(scores.of([rated(4, 0), rated(4, 0)]).totals, [200, 200])
  }
})
