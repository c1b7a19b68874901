import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { PolicyRule } from '@reckon/kubernetes'
import { uncoveredRules } from './uncovered-rules.ts'

const of = (resources: string[], verbs: string[], more: Partial<PolicyRule> = {}): PolicyRule => ({
  apiGroups: [''],
  resources,
  verbs,
  ...more,
})

test('what is held in pieces covers what is wanted at once', () => {
  const held = [of(['pods'], ['get']), of(['pods', 'nodes'], ['list'])]
  assert.deepEqual(uncoveredRules([of(['pods'], ['get', 'list'])], held), [])
  assert.deepEqual(uncoveredRules([of(['pods', 'nodes'], ['get'])], held), [of(['nodes'], ['get'])])
})

test('everything covers anything, and nothing less covers everything', () => {
  const everything = of(['*'], ['*'], { apiGroups: ['*'] })
  assert.deepEqual(uncoveredRules([of(['pods/log'], ['get']), everything], [everything]), [])
  assert.deepEqual(uncoveredRules([everything], [of(['*'], ['*'])]), [everything])
})

test('one subresource of everything covers that of each resource only', () => {
  const scales = of(['*/scale'], ['get'])
  assert.deepEqual(uncoveredRules([of(['pods/scale'], ['get'])], [scales]), [])
  assert.equal(uncoveredRules([of(['pods'], ['get'])], [scales]).length, 1)
  assert.equal(uncoveredRules([of(['pods/log'], ['get'])], [scales]).length, 1)
})

test('a right to one object does not cover that to all, but the other way round', () => {
  const toOne = of(['pods'], ['get'], { resourceNames: ['a'] })
  assert.deepEqual(uncoveredRules([toOne], [of(['pods'], ['get'])]), [])
  assert.equal(uncoveredRules([of(['pods'], ['get'])], [toOne]).length, 1)
  const toTwo = of(['pods'], ['get'], { resourceNames: ['a', 'b'] })
  assert.deepEqual(uncoveredRules([toTwo], [toOne]), [
    of(['pods'], ['get'], { resourceNames: ['b'] }),
  ])
})

test('paths are covered by themselves and by what they begin with', () => {
  const path = (url: string): PolicyRule => ({ nonResourceURLs: [url], verbs: ['get'] })
  assert.deepEqual(uncoveredRules([path('/api/v1'), path('/api/*')], [path('/api/*')]), [])
  assert.deepEqual(uncoveredRules([path('/metrics')], [path('/metrics')]), [])
  assert.equal(uncoveredRules([path('/apis')], [path('/api/*')]).length, 1)
  assert.equal(uncoveredRules([path('/api')], [of(['*'], ['*'], { apiGroups: ['*'] })]).length, 1)
})
