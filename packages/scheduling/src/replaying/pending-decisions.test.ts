import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Decision } from '@reckon/domain'
import { PendingDecisions } from './pending-decisions.ts'

/** `term.number@position` of what each saw, in the order in which they are recorded. */
function pending(...written: string[]) {
  const decisions = new PendingDecisions()
  for (const each of written) {
    const [, term, number, position = ''] = /(\d+)\.(\d+)@(\d+)/.exec(each) ?? []
    const decision = { term: Number(term), number: Number(number), view: { position } }
    decisions.add({ decision: decision as Decision, event: {} as never, nodeName: undefined })
  }
  return (position: bigint) =>
    decisions.takeBefore(position).map(({ decision }) => `${decision.term}.${decision.number}`)
}

test('decisions are taken in the order of what they saw, then of their terms and numbers', () => {
  const take = pending('1.2@20', '2.1@20', '1.1@20', '1.3@10')
  assert.deepEqual(take(21n), ['1.3', '1.1', '1.2', '2.1'])
})

test('what saw the state of a position waits until that is passed', () => {
  const take = pending('1.1@10', '1.2@20', '1.3@30')
  assert.deepEqual(take(10n), [])
  assert.deepEqual(take(20n), ['1.1'])
  assert.deepEqual(take(31n), ['1.2', '1.3'])
  assert.deepEqual(take(99n), [])
})

test('of one term the lower number comes first, whichever is recorded first', () => {
  const take = pending('1.1@20', '1.2@20', '2.1@20', '2.2@20')
  assert.deepEqual(take(21n), ['1.1', '1.2', '2.1', '2.2'])
})
