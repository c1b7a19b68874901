import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatWhyNot } from './format-advice.ts'
import type { WhyNot } from './why-not.ts'

const best = { node: 'b', passed: [], scores: { NodeAffinity: 7 }, total: 7 }
const plugins = [{ plugin: 'NodeName' }, { plugin: 'NodeAffinity', score: 5 }]
const told = (more: Partial<WhyNot>) =>
  formatWhyNot('web', { node: 'a', isThere: false, plugins, total: 5, best, ...more })
const headline = (more: Partial<WhyNot>) => told(more).split('\n')[0]

test('whether the pod fits is said first', () => {
  assert.equal(headline({}), 'pod/web fits a, but b is better')
  assert.equal(headline({ isThere: true }), 'pod/web is on a')
  assert.equal(headline({ node: 'b', total: 7 }), 'pod/web would go to b now')
  assert.equal(headline({ total: 7 }), 'pod/web fits a as well as b, which its uid draws')
  const against = [{ plugin: 'NodePorts', reason: 'taken' }, ...plugins]
  assert.equal(headline({ plugins: against }), 'pod/web does not fit a: 1 of its rules reject it')
})

test('each plugin passes, rejects or scores, beside what the best node scores where that is another', () => {
  const lines = told({
    plugins: [
      ...plugins,
      { plugin: 'NodePorts', reason: 'taken' },
      { plugin: 'ImageLocality', score: 0 },
    ],
  })
    .split('\n')
    .slice(2, 6)
    .map((line) => line.trim().replaceAll(/ {2,}/g, ' '))
  assert.deepEqual(lines, [
    'NodeName passes',
    'NodeAffinity scores 5 (b: 7)',
    'NodePorts rejects: taken',
    'ImageLocality scores 0',
  ])
  const equal = { ...best, scores: { NodeAffinity: 5 } }
  assert.match(told({ best: equal }), /NodeAffinity +scores 5$/m)
})

test('the totals are compared where another node is best', () => {
  assert.match(told({}), /\n\n {2}a scores 5 in all, b 7$/)
  assert.doesNotMatch(told({ node: 'b', total: 7 }), /in all/)
  const { total: _, ...none } = { node: 'a', isThere: false, plugins, total: 0 }
  assert.doesNotMatch(formatWhyNot('web', { ...none, best }), /in all/)
})
