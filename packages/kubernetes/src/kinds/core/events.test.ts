import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fromHub, toHub } from '../../conversion.ts'
import { events } from './events.ts'

const about = {
  ...{ apiVersion: 'v1', kind: 'Pod', name: 'web', namespace: 'shop', uid: 'u' },
  ...{ fieldPath: 'spec.containers{c}', resourceVersion: '7' },
}
const event = {
  apiVersion: 'v1',
  kind: 'Event',
  metadata: { name: 'web.1', namespace: 'shop' },
  involvedObject: about,
  ...{ reason: 'Tried', type: 'Normal', message: 'It was tried.', reportingComponent: 'me' },
  source: { component: 'me' },
  ...{ count: 3, firstTimestamp: '2026-01-01T00:00:00Z', lastTimestamp: '2026-01-01T00:01:00Z' },
}

test('an Event is found by what it is about, its reason, type and who told it', () => {
  const found = Object.fromEntries(
    Object.entries(events.selectableFields).map(([field, of]) => [field, of(event)]),
  )
  assert.deepEqual(found, {
    ...Object.fromEntries(Object.entries(about).map(([k, v]) => [`involvedObject.${k}`, v])),
    ...{ reason: 'Tried', type: 'Normal', reportingComponent: 'me', source: 'me' },
  })
})

test('it lies in the namespace of what it is about, or in `default`', () => {
  const errors = (involvedObject: object, namespace: string) =>
    events
      .validate({ ...event, involvedObject, metadata: { ...event.metadata, namespace } })
      .map(({ field, message }) => `${field}: ${message}`)
  const refused = 'involvedObject.namespace: Invalid value: "shop": does not match event.namespace'
  assert.deepEqual(errors(about, 'shop'), [])
  assert.deepEqual(errors({ kind: 'Node', name: 'a' }, 'default'), [])
  assert.deepEqual(errors(about, 'other'), [refused])
  assert.equal(errors({ kind: 'Node', name: 'a' }, 'shop').length, 1)
})

test('of events.k8s.io/v1 it is the same in other words, there and back', () => {
  const groupVersion = { group: 'events.k8s.io', version: 'v1' }
  const there = fromHub(events, groupVersion, event)
  const { regarding, note, reportingController, deprecatedSource } = Object(there)
  assert.deepEqual(
    { regarding, note, reportingController, deprecatedSource },
    {
      ...{ regarding: about, note: 'It was tried.' },
      ...{ reportingController: 'me', deprecatedSource: { component: 'me' } },
    },
  )
  const { deprecatedCount, deprecatedFirstTimestamp, deprecatedLastTimestamp } = Object(there)
  assert.deepEqual(
    [deprecatedCount, deprecatedFirstTimestamp, deprecatedLastTimestamp],
    [event.count, event.firstTimestamp, event.lastTimestamp],
  )
  assert.deepEqual(toHub(events, there), event)
})
