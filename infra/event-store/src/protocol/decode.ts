import sharedMessages from '@eventstore/db-client/generated/shared_pb.js'
import type { ExpectedRevision } from '../appending/commit-check.ts'
import type { ProposedEvent } from '../appending/proposed-event.ts'
import { eventsPerAppendMax } from '../appending/write-rules.ts'
import { WireReader } from './wire.ts'

/** To which stream a write goes, and what the writer believes of it. */
export interface WriteTarget {
  readonly stream: string
  readonly expected: ExpectedRevision
  /** When a BatchAppend is given up; infinite for the other calls, which carry it in a header. */
  readonly deadlineMs: number
}

/** One message of a BatchAppend call; only the first of an append carries its target. */
export interface BatchAppendPart {
  /** The encoded correlation id, to be sent back as it came. */
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
  const reader = new WireReader(bytes)
  const events: ProposedEvent[] = []
  let correlation = empty
  let target: WriteTarget | undefined
  let isFinal = false
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === 0x0a) correlation = reader.bytes()
    else if (tag === 0x12) target = decodeTarget(reader.bytes())
    // One more than are taken is enough to refuse them.
    else if (tag === 0x1a && events.length <= eventsPerAppendMax) {
      events.push(decodeProposedEvent(reader.bytes()))
    } else if (tag === 0x20) isFinal = reader.varint() !== 0
    else reader.skip(tag)
  }
  return { correlation, ...(target === undefined ? {} : { target }), events, isFinal }
}

/** Reads `event_store.client.streams.AppendReq`. */
export function decodeAppend(bytes: Buffer): AppendPart {
  const reader = new WireReader(bytes)
  let part: AppendPart = {}
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === 0x0a) part = { target: decodeTarget(reader.bytes()) }
    else if (tag === 0x12) part = { event: decodeProposedEvent(reader.bytes()) }
    else reader.skip(tag)
  }
  return part
}

/** Reads `DeleteReq` and `TombstoneReq`, which are alike. */
export function decodeDelete(bytes: Buffer): WriteTarget {
  return decodeTarget(decodeLast(bytes, 0x0a))
}

/** The options of all writing calls have the same fields. */
function decodeTarget(bytes: Buffer): WriteTarget {
  const reader = new WireReader(bytes)
  let stream = ''
  let expected: ExpectedRevision = 'Any'
  let deadlineMs = Number.POSITIVE_INFINITY
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === 0x0a) stream = decodeLast(reader.bytes(), 0x1a).toString('utf8')
    else if (tag === 0x10) expected = Math.min(reader.varint(), Number.MAX_SAFE_INTEGER)
    else if (tag === 0x32) deadlineMs = decodeTimestamp(reader.bytes())
    else {
      expected = expectedByTag.get(tag) ?? expected
      reader.skip(tag)
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
  const reader = new WireReader(bytes)
  let ms = 0
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === 0x08) ms += reader.varint() * 1000
    else if (tag === 0x10) ms += reader.varint() / 1e6
    else reader.skip(tag)
  }
  return ms
}

/** A `ProposedMessage` has the same fields in Append and in BatchAppend. */
function decodeProposedEvent(bytes: Buffer): ProposedEvent {
  const reader = new WireReader(bytes)
  const event = { id: empty, type: '', contentType: octets, metadata: empty, data: empty }
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === 0x0a) event.id = decodeUuid(reader.bytes())
    else if (tag === 0x12) {
      const entry = new WireReader(reader.bytes())
      let key = ''
      let value = ''
      for (let inner = entry.tag(); inner !== 0; inner = entry.tag()) {
        if (inner === 0x0a) key = entry.text()
        else if (inner === 0x12) value = entry.text()
        else entry.skip(inner)
      }
      if (key === 'type') event.type = value
      else if (key === 'content-type') event.contentType = value === json ? json : octets
    } else if (tag === 0x1a) event.metadata = reader.bytes()
    else if (tag === 0x22) event.data = reader.bytes()
    else reader.skip(tag)
  }
  return event
}

function decodeLast(bytes: Buffer, wanted: number): Buffer {
  const reader = new WireReader(bytes)
  let field = empty
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === wanted) field = reader.bytes()
    else reader.skip(tag)
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
