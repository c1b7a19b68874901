import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Affinity } from '@reckon/kubernetes'
import { pod } from '../plugins/scenario.fixture.ts'
import { termsHeldBy } from './held-terms.ts'
import { traitsOf } from './pod-traits.ts'

const term = { topologyKey: 'zone', labelSelector: { matchLabels: { app: 'web' } } }
const held = (affinity: Affinity) => termsHeldBy(traitsOf(pod({ affinity }), ''))
const required = { requiredDuringSchedulingIgnoredDuringExecution: [term] }
const preferred = (weight: number) => ({
  preferredDuringSchedulingIgnoredDuringExecution: [{ weight, podAffinityTerm: term }],
})

test('what a placed pod holds against others: to keep away, or a weight for its domain', () => {
  const effects = (affinity: Affinity) => held(affinity).map(({ effect }) => effect)
  assert.deepEqual(effects({ podAntiAffinity: required }), ['forbids'])
  assert.deepEqual(effects({ podAffinity: required }), ['attracts'])
  assert.deepEqual(effects({ podAffinity: preferred(7) }), [7])
  assert.deepEqual(effects({ podAntiAffinity: preferred(7) }), [-7])
})

test('a term that a pod holds twice counts twice', () => {
  const ids = held({ podAffinity: { ...required, ...preferred(1) } }).map(({ id }) => id)
  assert.equal(new Set(ids).size, 2)
  const [weighted] = preferred(3).preferredDuringSchedulingIgnoredDuringExecution
  assert.ok(weighted)
  const preferredDuringSchedulingIgnoredDuringExecution = [weighted, weighted, weighted]
  const thrice = held({ podAffinity: { preferredDuringSchedulingIgnoredDuringExecution } })
  const [first = ''] = thrice.map(({ id }) => id)
  assert.deepEqual(
    thrice.map(({ id }) => id),
    [1, 2, 3].map((time) => first.replace(/1$/, `${time}`)),
  )
})
