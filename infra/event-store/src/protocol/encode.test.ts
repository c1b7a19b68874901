import assert from 'node:assert/strict'
import { test } from 'node:test'
import streamMessages from '@eventstore/db-client/generated/streams_pb.js'
import {
  decodeData,
  encodeBatchAppendSuccess,
  encodeRecordedEvent,
  tombstoneRevision,
} from './encode.ts'

const id = Buffer.from('27fd5cb077634f57b53efdf64d2b37d8', 'hex')
/** On both sides of every length at which a varint grows. */
const lengths = [0, 1, 127, 128, 16_383, 16_384, 2_097_151, 2_097_152]
const positions = [1, 127, 128, 2 ** 31, 2 ** 40, Number.MAX_SAFE_INTEGER]

test('a recorded event of any size reads as the protocol defines it', () => {
  for (const length of lengths) {
    for (const position of positions) {
      const data = Buffer.alloc(length, 1)
      const metadata = Buffer.alloc(lengths.at(-1 - lengths.indexOf(length)) ?? 0, 2)
      const type = 'ü'.repeat(1 + (length % 200))
      const proposed = { id, type, contentType: 'application/json', metadata, data }
      const message = encodeRecordedEvent(proposed, {
        stream: 'pods-a/b',
        revision: position - 1,
        position,
        createdMs: 1_700_000_000_123,
      })
      const response = streamMessages.ReadResp.deserializeBinary(message).getEvent()
      const event = response?.getEvent()
      assert.equal(response?.getCommitPosition(), `${position}`)
      assert.equal(event?.getId()?.getString(), '27fd5cb0-7763-4f57-b53e-fdf64d2b37d8')
      assert.equal(event.getStreamRevision(), `${position - 1}`)
      assert.equal(event.getPreparePosition(), `${position}`)
      assert.equal(event.getCommitPosition(), `${position}`)
      const metadataMap = event.getMetadataMap()
      assert.equal(metadataMap.get('type'), type)
      assert.equal(metadataMap.get('content-type'), 'application/json')
      assert.equal(metadataMap.get('created'), '17000000001230000')
      assert.ok(metadata.equals(event.getCustomMetadata_asU8()))
      assert.ok(data.equals(decodeData(message)))
    }
  }
})

test('the tombstone has the largest revision of all', () => {
  const nothing = Buffer.alloc(0)
  const message = encodeRecordedEvent(
    { id, type: '$streamDeleted', contentType: 'a', metadata: nothing, data: nothing },
    { stream: 's', revision: tombstoneRevision, position: 9, createdMs: 1 },
  )
  const event = streamMessages.ReadResp.deserializeBinary(message).getEvent()?.getEvent()
  assert.equal(event?.getStreamRevision(), `${2n ** 63n - 1n}`)
})

test('an acknowledgement reads as the protocol defines it', () => {
  const correlation = Buffer.from('12026964', 'hex')
  const decode = (bytes: Buffer) => streamMessages.BatchAppendResp.deserializeBinary(bytes)
  for (const position of positions) {
    const appended = { lastRevision: position - 1, position }
    const response = decode(encodeBatchAppendSuccess(correlation, 'ü', appended))
    assert.equal(response.getCorrelationId()?.getString(), 'id')
    assert.equal(response.getSuccess()?.getCurrentRevision(), `${position - 1}`)
    assert.equal(response.getSuccess()?.getPosition()?.getPreparePosition(), `${position}`)
    const name = Buffer.from(response.getStreamIdentifier()?.getStreamName_asU8() ?? [])
    assert.equal(name.toString(), 'ü')
  }
  const empty = { lastRevision: -1, position: undefined }
  const response = decode(encodeBatchAppendSuccess(correlation, 's', empty)).getSuccess()
  assert.ok(response?.hasNoStream() && response.hasNoPosition())
})
