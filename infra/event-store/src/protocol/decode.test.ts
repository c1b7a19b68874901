import assert from 'node:assert/strict'
import { test } from 'node:test'
import sharedMessages from '@eventstore/db-client/generated/shared_pb.js'
import streamMessages from '@eventstore/db-client/generated/streams_pb.js'
import timestampMessages from 'google-protobuf/google/protobuf/timestamp_pb.js'
import { decodeBatchAppend, decodeDelete } from './decode.ts'

function uuid(text: string) {
  const message = new sharedMessages.UUID()
  message.setString(text)
  return message
}

function identifier(name: string) {
  const message = new sharedMessages.StreamIdentifier()
  message.setStreamName(Buffer.from(name).toString('base64'))
  return message
}

function proposed(id: InstanceType<typeof sharedMessages.UUID>) {
  const message = new streamMessages.BatchAppendReq.ProposedMessage()
  message.setId(id)
  message.getMetadataMap().set('type', 'Tÿpe').set('content-type', 'application/json')
  message.setData(Buffer.from('{"a":1}').toString('base64'))
  message.setCustomMetadata(Buffer.from('{}').toString('base64'))
  return message
}

const idText = '27fd5cb0-7763-4f57-b53e-fdf64d2b37d8'
const idBytes = Buffer.from(idText.replaceAll('-', ''), 'hex')

test('a batch append is read, with ids in either form', () => {
  const options = new streamMessages.BatchAppendReq.Options()
  options.setStreamIdentifier(identifier('ström'))
  options.setStreamPosition('300')
  options.setDeadline(timestampMessages.Timestamp.fromDate(new Date(1_700_000_000_500)))
  const structured = new sharedMessages.UUID.Structured()
  structured.setMostSignificantBits(`${idBytes.readBigInt64BE(0)}`)
  structured.setLeastSignificantBits(`${idBytes.readBigInt64BE(8)}`)
  const other = new sharedMessages.UUID()
  other.setStructured(structured)
  const request = new streamMessages.BatchAppendReq()
  request.setCorrelationId(uuid(idText))
  request.setOptions(options)
  request.setProposedMessagesList([proposed(uuid(idText.toUpperCase())), proposed(other)])
  request.setIsFinal(true)
  const part = decodeBatchAppend(Buffer.from(request.serializeBinary()))
  assert.deepEqual(part.target, {
    stream: 'ström',
    expected: 300,
    deadlineMs: 1_700_000_000_500,
  })
  assert.equal(part.isFinal, true)
  assert.equal(part.events.length, 2)
  for (const event of part.events) {
    assert.ok(event.id.equals(idBytes))
    assert.equal(event.type, 'Tÿpe')
    assert.equal(event.contentType, 'application/json')
    assert.equal(event.data.toString(), '{"a":1}')
    assert.equal(event.metadata.toString(), '{}')
  }
})

test('every kind of expected revision is read', () => {
  for (const [set, expected] of [
    ['setAny', 'Any'],
    ['setNoStream', 'NoStream'],
    ['setStreamExists', 'StreamExists'],
  ] as const) {
    const options = new streamMessages.DeleteReq.Options()
    options.setStreamIdentifier(identifier('s'))
    options[set](new sharedMessages.Empty())
    const request = new streamMessages.DeleteReq()
    request.setOptions(options)
    assert.equal(decodeDelete(Buffer.from(request.serializeBinary())).expected, expected)
  }
})

test('an id that is no UUID is no id, and half a message is refused', () => {
  const request = new streamMessages.BatchAppendReq()
  request.setProposedMessagesList([proposed(uuid('no uuid'))])
  const bytes = Buffer.from(request.serializeBinary())
  assert.equal(decodeBatchAppend(bytes).events[0]?.id.length, 0)
  assert.throws(() => decodeBatchAppend(bytes.subarray(0, -3)), RangeError)
})
