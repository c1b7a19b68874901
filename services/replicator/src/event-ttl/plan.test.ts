import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Event } from '@reckon/kubernetes'
import { plan } from './plan.ts'

const event = (times: Partial<Event>): Event => ({
  apiVersion: 'v1',
  kind: 'Event',
  metadata: { name: 'e', creationTimestamp: '2026-01-01T00:00:00Z' },
  involvedObject: {},
  ...times,
})

test('an Event goes an hour after it was written last', () => {
  assert.equal(plan(event({})), Date.UTC(2026, 0, 1, 1))
  const again = { lastTimestamp: '2026-01-01T00:30:00Z' }
  assert.equal(plan(event(again)), Date.UTC(2026, 0, 1, 1, 30))
  assert.equal(plan(event({ lastTimestamp: 'none' })), Date.UTC(2026, 0, 1, 1))
})
