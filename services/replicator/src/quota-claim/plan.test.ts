import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { QuotaClaim } from '@reckon/domain'
import { plan } from './plan.ts'

const claim = (uid: string): QuotaClaim => ({ stream: `pods-default/${uid}`, uid, amounts: {} })

test('a claim is given up after a minute in which nothing came of it; others are waited for', () => {
  const first = plan([claim('a')], new Map(), 5)
  assert.deepEqual([first.givenUp, first.againAtMs], [[], 60_005])
  const second = plan([claim('a'), claim('b')], first.since, 60_005)
  assert.deepEqual([second.givenUp, second.againAtMs], [[claim('a')], 120_005])
})

test('what is settled is remembered no more', () => {
  const { since, againAtMs } = plan([], new Map([['a/', 5]]), 10)
  assert.deepEqual([since.size, againAtMs], [0, undefined])
})
