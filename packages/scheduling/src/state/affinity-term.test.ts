import assert from 'node:assert/strict'
import { test } from 'node:test'
import { affinityTermOf, isMeant, requirementsOf } from './affinity-term.ts'
import { Namespaces } from './namespaces.ts'

const holder = { namespace: 'default', labels: { app: 'web', rev: '2' } }
const written = { topologyKey: 'zone', labelSelector: { matchLabels: { app: 'web' } } }

test('terms of one meaning are one, in whichever order their namespaces are written', () => {
  const one = affinityTermOf({ ...written, namespaces: ['b', 'a'] }, holder)
  assert.equal(one.id, affinityTermOf({ ...written, namespaces: ['a', 'b'] }, holder).id)
  assert.equal(
    affinityTermOf(written, holder).id,
    affinityTermOf({ ...written, namespaces: [] }, holder).id,
  )
  assert.notEqual(one.id, affinityTermOf(written, holder).id)
})

test('a term without namespaces means its holder’s own, unless it selects some', () => {
  assert.deepEqual(affinityTermOf(written, holder).namespaces, ['default'])
  const selecting = affinityTermOf({ ...written, namespaceSelector: {} }, holder)
  assert.deepEqual(selecting.namespaces, [])
  assert.deepEqual(affinityTermOf({ ...written, namespaces: ['b'] }, holder).namespaces, ['b'])
})

test('a key stands for the value that the holder has, or for another; one that it lacks says nothing', () => {
  assert.deepEqual(requirementsOf(['rev', 'none'], holder.labels, 'In'), [
    { key: 'rev', operator: 'In', values: ['2'] },
  ])
  const known = new Namespaces()
  const isRevisionMeant = (keys: object, rev: string) =>
    isMeant(
      affinityTermOf({ ...written, ...keys }, holder),
      { namespace: 'default', labels: { app: 'web', rev } },
      known,
    )
  assert.ok(isRevisionMeant({ matchLabelKeys: ['rev'] }, '2'))
  assert.ok(!isRevisionMeant({ matchLabelKeys: ['rev'] }, '1'))
  assert.ok(isRevisionMeant({ mismatchLabelKeys: ['rev'] }, '1'))
  assert.ok(!isRevisionMeant({ mismatchLabelKeys: ['rev'] }, '2'))
})

test('a term that selects no pods means none, whatever keys it names', () => {
  const { labelSelector: _, ...unselecting } = written
  const term = affinityTermOf({ ...unselecting, matchLabelKeys: ['rev'] }, holder)
  assert.equal(term.selector, 'Nothing')
  assert.ok(!isMeant(term, { namespace: 'default', labels: holder.labels }, new Namespaces()))
})

test('a pod is meant where its namespace is listed or selected', () => {
  const known = new Namespaces()
  known.set('red', { team: 'a' })
  const isIn = (more: object, namespace: string) =>
    isMeant(
      affinityTermOf({ ...written, ...more }, holder),
      { namespace, labels: holder.labels },
      known,
    )
  const selecting = { namespaceSelector: { matchLabels: { team: 'a' } } }
  assert.ok(isIn({}, 'default') && !isIn({}, 'red'))
  assert.ok(isIn(selecting, 'red') && !isIn(selecting, 'default'))
  assert.ok(isIn({ ...selecting, namespaces: ['blue'] }, 'blue'))
})
