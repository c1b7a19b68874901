import sharedMessages from '@eventstore/db-client/generated/shared_pb.js'
import type { ExpectedRevision } from '../appending/commit-check.ts'
import type { ProposedEvent } from '../appending/proposed-event.ts'
import { eventsPerAppendMax } from '../appending/write-rules.ts'
import { bytesIn, numberIn, readerOf } from './wire.ts'

/** The stream that a write goes to, and what the writer expects of it. */
export interface WriteTarget {
  readonly stream: string
  readonly expected: ExpectedRevision
  /** When a BatchAppend expires; infinite for the other calls, which have a deadline in their headers. */
  readonly deadlineMs: number
}

/** One message of a BatchAppend call; only the first of an append carries its target. */
export interface BatchAppendPart {
  /** The encoded correlation id, returned unchanged. */
  readonly correlation: Buffer
  readonly target?: WriteTarget
  readonly events: readonly ProposedEvent[]
  readonly isFinal: boolean
}

/** One message of an Append call: the target first, then an event each. */
export interface AppendPart {
  readonly target?: WriteTarget
  readonly event?: ProposedEvent
}

const json = 'application/json'
const octets = 'application/octet-stream'
const empty: Buffer = Buffer.alloc(0)

/** Reads `event_store.client.streams.BatchAppendReq`. */
export function decodeBatchAppend(bytes: Buffer): BatchAppendPart {
  const reader = readerOf(bytes)
  const events: ProposedEvent[] = []
  let correlation = empty
  let target: WriteTarget | undefined
  let isFinal = false
  while (reader.pos < reader.len) {
    const tag = reader.uint32()
    if (tag === 0x0a) correlation = bytesIn(reader)
    else if (tag === 0x12) target = decodeTarget(bytesIn(reader))
    // One more than are taken is enough to refuse them.
    else if (tag === 0x1a && events.length <= eventsPerAppendMax) {
      events.push(decodeProposedEvent(bytesIn(reader)))
    } else if (tag === 0x20) isFinal = numberIn(reader) !== 0
    else reader.skipType(tag & 7)
  }
  return { correlation, ...(target === undefined ? {} : { target }), events, isFinal }
}

/** Reads `event_store.client.streams.AppendReq`. */
export function decodeAppend(bytes: Buffer): AppendPart {
  const reader = readerOf(bytes)
  let part: AppendPart = {}
  while (reader.pos < reader.len) {
    const tag = reader.uint32()
    if (tag === 0x0a) part = { target: decodeTarget(bytesIn(reader)) }
    else if (tag === 0x12) part = { event: decodeProposedEvent(bytesIn(reader)) }
    else reader.skipType(tag & 7)
  }
  return part
}

/** Reads `DeleteReq` and `TombstoneReq`, which are alike. */
export function decodeDelete(bytes: Buffer): WriteTarget {
  return decodeTarget(decodeLast(bytes, 0x0a))
}

/** The options of all writing calls have the same fields. */
function decodeTarget(bytes: Buffer): WriteTarget {
  const reader = readerOf(bytes)
  let stream = ''
  let expected: ExpectedRevision = 'Any'
  let deadlineMs = Number.POSITIVE_INFINITY
  while (reader.pos < reader.len) {
    const tag = reader.uint32()
    if (tag === 0x0a) stream = decodeLast(bytesIn(reader), 0x1a).toString('utf8')
    else if (tag === 0x10) expected = Math.min(numberIn(reader), Number.MAX_SAFE_INTEGER)
    else if (tag === 0x32) deadlineMs = decodeTimestamp(bytesIn(reader))
    else {
      expected = expectedByTag.get(tag) ?? expected
      reader.skipType(tag & 7)
    }
  }
  return { stream, expected, deadlineMs }
}

const expectedByTag: ReadonlyMap<number, ExpectedRevision> = new Map([
  [0x1a, 'NoStream'],
  [0x22, 'Any'],
  [0x2a, 'StreamExists'],
])

function decodeTimestamp(bytes: Buffer): number {
  const reader = readerOf(bytes)
  let ms = 0
  while (reader.pos < reader.len) {
    const tag = reader.uint32()
    if (tag === 0x08) ms += numberIn(reader) * 1000
    else if (tag === 0x10) ms += numberIn(reader) / 1e6
    else reader.skipType(tag & 7)
  }
  return ms
}

/** A `ProposedMessage` has the same fields in Append and in BatchAppend. */
function decodeProposedEvent(bytes: Buffer): ProposedEvent {
  const reader = readerOf(bytes)
  const event = { id: empty, type: '', contentType: octets, metadata: empty, data: empty }
  while (reader.pos < reader.len) {
    const tag = reader.uint32()
    if (tag === 0x0a) event.id = decodeUuid(bytesIn(reader))
    else if (tag === 0x12) {
      const entry = readerOf(bytesIn(reader))
      let key = ''
      let value = ''
      while (entry.pos < entry.len) {
        const inner = entry.uint32()
        if (inner === 0x0a) key = entry.string()
        else if (inner === 0x12) value = entry.string()
        else entry.skipType(inner & 7)
      }
      if (key === 'type') event.type = value
      else if (key === 'content-type') event.contentType = value === json ? json : octets
    } else if (tag === 0x1a) event.metadata = bytesIn(reader)
    else if (tag === 0x22) event.data = bytesIn(reader)
    else reader.skipType(tag & 7)
  }
  return event
}

function decodeLast(bytes: Buffer, wanted: number): Buffer {
  const reader = readerOf(bytes)
  let field = empty
  while (reader.pos < reader.len) {
    const tag = reader.uint32()
    if (tag === wanted) field = bytesIn(reader)
    else reader.skipType(tag & 7)
  }
  return field
}

/** An `event_store.client.UUID`, in either of its forms, as sixteen bytes; none if it is no UUID. */
function decodeUuid(bytes: Buffer): Buffer {
  const text = decodeLast(bytes, 0x12).toString('latin1')
  if (text !== '') {
    const id = Buffer.from(text.replaceAll('-', ''), 'hex')
    return id.length === 16 && text.length === 36 ? id : empty
  }
  const structured = sharedMessages.UUID.deserializeBinary(bytes).getStructured()
  if (structured === undefined) return empty
  const id = Buffer.alloc(16)
  id.writeBigInt64BE(BigInt(structured.getMostSignificantBits()), 0)
  id.writeBigInt64BE(BigInt(structured.getLeastSignificantBits()), 8)
  return id
}
