import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isRefusal } from '@reckon/kubernetes'
import { sampleEvent } from '../contract/sample-event.ts'
import { toEventData, toRecordedEvent } from './event-form.ts'

const recorded = (fields: object) =>
  toRecordedEvent({
    id: 'id',
    type: 'SampleChanged',
    streamId: 'samples-a/b',
    revision: 3n,
    position: { commit: 7n, prepare: 7n },
    created: new Date(0),
    metadata: undefined,
    isJson: false,
    data: new Uint8Array(),
    ...fields,
  } as never)

test('small data stays readable JSON, large data is compressed and comes back the same', () => {
  const small = toEventData(sampleEvent({ n: 1 }))
  assert.equal(small.eventData.contentType, 'application/json')
  assert.deepEqual(small.eventData.data, { n: 1 })
  const data = { text: 'word '.repeat(50_000) }
  const large = toEventData(sampleEvent(data))
  assert.equal(large.eventData.contentType, 'application/octet-stream')
  assert.ok(large.size < 5000)
  assert.deepEqual(recorded({ data: large.eventData.data }).data, data)
})

test('what others stored in their own way has no data for us', () => {
  assert.equal(recorded({ data: Uint8Array.of(1, 2, 3) }).data, undefined)
})

test('a damaged event of ours is no outage', () => {
  const damaged = Uint8Array.of(0x1f, 0x8b, 8, 0, 1, 2, 3)
  assert.throws(
    () => recorded({ data: damaged }),
    (error) => isRefusal(error, 'InternalError'),
  )
})
