import type { ProposedEvent } from './proposed-event.ts'

/** Reasons to refuse a write whatever the stream holds. */
export type WriteFault =
  | { readonly type: 'AccessDenied' }
  | { readonly type: 'Invalid'; readonly reason: string }

/** Names are matched against readers' filters, and sent with every event. */
const nameBytesMax = 4096

/** An append is one transaction: larger ones would stall every connection. */
export const eventsPerAppendMax = 20_000

/** The size that an event counts towards the largest append. */
export function eventBytes({ data, metadata }: ProposedEvent): number {
  return data.length + metadata.length
}

/**
 * The fault of writing to a stream of this name, if any. Clients may not write to the store's own streams (EventStoreDB
 * lets only administrators), but to other streams' metadata.
 */
export function findStreamFault(stream: string): WriteFault | undefined {
  if (stream === '' || stream === '$$') return invalid('a write needs the name of a stream')
  if (Buffer.byteLength(stream) > nameBytesMax) {
    return invalid(`the name of a stream is longer than ${nameBytesMax} bytes`)
  }
  const base = isMetastream(stream) ? stream.slice(2) : stream
  return base.startsWith('$') ? { type: 'AccessDenied' } : undefined
}

/** The fault of an event for this stream, if any. */
export function findEventFault(
  { id, type }: ProposedEvent,
  stream: string,
): WriteFault | undefined {
  if (id.length !== 16) return invalid('an event needs a UUID as its id')
  if (type === '') return invalid('an event needs a type')
  if (Buffer.byteLength(type) > nameBytesMax) {
    return invalid(`the type of an event is longer than ${nameBytesMax} bytes`)
  }
  return isMetastream(stream) && type !== '$metadata' ? { type: 'AccessDenied' } : undefined
}

/** The fault of this number of events at once, if any. */
export function findCountFault(count: number): WriteFault | undefined {
  if (count <= eventsPerAppendMax) return undefined
  return invalid(`an append holds more than ${eventsPerAppendMax} events`)
}

function isMetastream(stream: string): boolean {
  return stream.startsWith('$$')
}

function invalid(reason: string): WriteFault {
  return { type: 'Invalid', reason }
}
