import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { isRefusal } from '@reckon/kubernetes'
import { sampleEvent } from '../contract/sample-event.ts'
import { EncodedEvent } from '../log/encoded-event.ts'
import type { RecordedEvent } from '../log/event.ts'
import { decodeWireEvent, encodeWireEvent } from './wire-event.ts'

const { id, type, metadata } = sampleEvent({ n: 'é' }, 'i')
const place = { id, type, stream: 'samples-ä/x', revision: 2n ** 63n, position: 2n ** 60n }
const event: RecordedEvent = { ...place, data: { n: 'é' }, metadata }
const json = (value: unknown) => Buffer.from(JSON.stringify(value))

const overTheWire = (given: RecordedEvent): RecordedEvent => {
  const { position, previous, content } = encodeWireEvent(given, 5n)
  assert.equal(previous, 5n)
  assert.ok(content)
  return decodeWireEvent(content, position)
}

const fieldsOf = ({ id, type, stream, revision, position, data, metadata }: RecordedEvent) => ({
  ...{ id, type, stream, revision, position, data, metadata },
})

test('an event comes over the wire as it was recorded', () => {
  assert.deepEqual(fieldsOf(overTheWire(event)), event)
  const own = { ...place, type: '$metadata', data: undefined, metadata: undefined }
  assert.deepEqual(fieldsOf(overTheWire(own)), own)
})

test('what the store gave as bytes is passed on as it is, and parsed by who asks', () => {
  const spaced = Buffer.from('{ "n" : "é" }')
  const given = new EncodedEvent(place, { form: 'Json', data: spaced, metadata: json(metadata) })
  const heard = overTheWire(given)
  assert.ok(heard instanceof EncodedEvent)
  assert.deepEqual(heard.encoded.data, spaced)
  assert.deepEqual(fieldsOf(heard), event)
  assert.equal(heard.data, heard.data)
  const zipped = { form: 'Bytes', data: gzipSync(spaced), metadata: json(metadata) } as const
  assert.deepEqual(fieldsOf(overTheWire(new EncodedEvent(place, zipped))), event)
})

test('who asks a damaged event for what it says is refused', () => {
  const sound = { form: 'Json', data: json({}), metadata: json(metadata) } as const
  const isDamaged = (error: unknown) => isRefusal(error, 'InternalError')
  const noZip = { ...sound, form: 'Bytes', data: Buffer.from([0x1f, 0x8b, 1]) } as const
  for (const encoded of [{ ...sound, data: Buffer.from('{') }, noZip]) {
    assert.throws(() => overTheWire(new EncodedEvent(place, encoded)).data, isDamaged)
  }
  for (const wrong of ['x', '[]', '7']) {
    const encoded = { ...sound, metadata: Buffer.from(wrong) }
    assert.throws(() => overTheWire(new EncodedEvent(place, encoded)).metadata, isDamaged)
  }
})

test('nothing on the trusted wire is taken for more than it is', () => {
  const { content = new Uint8Array() } = encodeWireEvent(event, undefined)
  const namesEnd = content.length - json(event.data).length
  for (let length = 0; length < namesEnd; length++) {
    assert.throws(() => decodeWireEvent(content.subarray(0, length), 1n), SyntaxError)
  }
  const nameless = encodeWireEvent({ ...event, stream: '' }, undefined).content
  assert.throws(() => decodeWireEvent(nameless ?? content, 1n), SyntaxError)
  assert.throws(() => decodeWireEvent(Uint8Array.from(content).fill(3, 0, 1), 1n), SyntaxError)
})
