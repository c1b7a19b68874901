import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pageLinkOf, suggestedFor } from './command.ts'
import type { Kind } from './kind.ts'

const kind = (id: string, short: string): Kind => {
  const [plural = '', group = ''] = id.split('.')
  return {
    ...{ id, plural, group, singular: plural.slice(0, -1), kind: plural.slice(0, -1) },
    ...{ shortNames: [short], root: 'api/v1', isNamespaced: true },
  }
}
const kinds = [kind('pods', 'po'), kind('deployments.apps', 'deploy'), kind('endpoints', 'ep')]

test('a command is read as in k9s', () => {
  assert.deepEqual(pageLinkOf('po', kinds), { path: ['pods'], query: {} })
  assert.deepEqual(pageLinkOf('deploy web', kinds), {
    path: ['deployments.apps'],
    query: { q: 'web' },
  })
  assert.deepEqual(pageLinkOf('po -n demo app=web', kinds), {
    path: ['pods'],
    query: { ns: 'demo', q: 'app=web' },
  })
  assert.deepEqual(pageLinkOf('po -A x', kinds), { path: ['pods'], query: { ns: '', q: 'x' } })
  assert.deepEqual(pageLinkOf('events', kinds), { path: ['events'], query: {} })
  assert.equal(pageLinkOf('nothing', kinds), undefined)
  assert.equal(pageLinkOf('  ', kinds), undefined)
})

test('short names come first among what is suggested', () => {
  assert.deepEqual(
    suggestedFor('po', kinds, 5).map(({ id }) => id),
    ['pods', 'endpoints'],
  )
  assert.equal(suggestedFor('', kinds, 2).length, 2)
})
