import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Held, plan } from './plan.ts'

const held = (of: Partial<Held>): Held => ({
  reservable: { pool: 'clusterips', value: '10.96.0.7' },
  holder: { stream: 'services-default/web', uid: 's' },
  sinceMs: 0,
  isNeeded: false,
  ...of,
})

test('what lost its object is released', () => {
  const lost = held({})
  assert.deepEqual(plan([lost], [], 60_000), [{ type: 'Release', held: lost }])
})

test('what has its object stays, and so does what may still get it', () => {
  assert.deepEqual(plan([held({ isNeeded: true }), held({ sinceMs: 30_000 })], [], 60_000), [])
})

test('what an object has and nobody holds is reserved for it', () => {
  const { reservable, holder } = held({})
  const missing = { reservable, holder }
  assert.deepEqual(plan([], [missing], 0), [{ type: 'Reserve', missing }])
})
