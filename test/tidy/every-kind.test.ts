import assert from 'node:assert/strict'
import { test } from 'node:test'
import { resources } from '@reckon/kubernetes'
import { manifestsOfEveryKind } from '../conformance/every-kind.ts'

test('an object of every kind that is kept is among those that kubectl applies', () => {
  const applied = new Set(manifestsOfEveryKind(1).map(({ kind }) => kind))
  const kept = resources.filter(({ isReview, isUsage }) => !isReview && !isUsage)
  const missing = kept.filter(({ kind }) => !applied.has(kind)).map(({ kind }) => kind)
  assert.deepEqual(missing, [], 'services/api/src/complete-objects.fixture.ts takes one')
})
