import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { judgedClusters } from './judged-cluster.fixture.ts'
import { ownAnswers } from './own-answers.fixture.ts'

/** Written by `test/kube-scheduler/main.ts`: a line for each cluster, from seed 1 on. */
const answers = readFileSync(new URL('kube-scheduler-answers.txt', import.meta.url), 'utf8')
  .trimEnd()
  .split('\n')

/** So many are compared where the tests run again and again. */
const compared = process.env.RECKON_TEST_SHORT ? 200 : judgedClusters

/**
 * Where somebody would have to leave by upstream and by ours nobody, on purpose. Which nodes suit is the same there,
 * too.
 */
const deliberate = new Map([
  [386, 'two pods of a node hold one port: upstream has it free once the first of them leaves'],
  [1643, 'upstream takes a terminating pod off a spread that had not counted it'],
])

test('which nodes suit, why the others do not, and who would have to leave them, is what kube-scheduler’s own plugins say', () => {
  assert.equal(answers.length, judgedClusters)
  for (const [index, expected] of answers.slice(0, compared).entries()) {
    const seed = index + 1
    const own = ownAnswers(seed).join(' ')
    if (deliberate.has(seed)) assert.notEqual(own, expected)
    const shown = deliberate.has(seed) ? suitingIn : String
    assert.equal(shown(own), shown(expected), `seed ${seed}`)
  }
})

const suitingIn = (answer: string): string => answer.replaceAll(/:\w+/g, '')
