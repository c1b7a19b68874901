import type { handleClientStreamingCall } from '@grpc/grpc-js'
import type { AppendPart, WriteTarget } from '../protocol/decode.ts'
import {
  faulty,
  maximumAppendSizeExceeded,
  missingMetadata,
  storageFailed,
  streamDeleted,
  timedOut,
  toRefusal,
} from '../protocol/errors.ts'
import { appended, lostRace } from '../protocol/write-responses.ts'
import { partsMsMax, type Writing } from './batch-append.ts'
import type { ProposedEvent } from './proposed-event.ts'
import { eventBytes, findCountFault, findEventFault, findStreamFault } from './write-rules.ts'

/** `Streams/Append`: one append in a call of its own, which a client uses with own credentials. */
export function append(writing: Writing): handleClientStreamingCall<AppendPart, Buffer> {
  return (call, callback) => {
    inTime(receive(call, writing.maxAppendSizeBytes))
      .then(({ target, events, bytes }) => write(target, events, bytes, writing))
      .then(
        (response) => callback(null, response),
        (error: unknown) => callback(toRefusal(error)),
      )
  }
}

interface Received {
  readonly target: WriteTarget
  readonly events: readonly ProposedEvent[]
  readonly bytes: number
}

/** A client that does not end its append is not waited for. */
async function inTime(received: Promise<Received>): Promise<Received> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(timedOut()), partsMsMax)
  })
  try {
    return await Promise.race([received, late])
  } finally {
    clearTimeout(timer)
  }
}

async function receive(parts: AsyncIterable<AppendPart>, bytesMax: number): Promise<Received> {
  const events: ProposedEvent[] = []
  let target: WriteTarget = { stream: '', expected: 'Any', deadlineMs: 0 }
  let bytes = 0
  for await (const part of parts) {
    if (part.target !== undefined && target.stream === '') target = part.target
    const fault = findStreamFault(target.stream)
    if (fault !== undefined) throw faulty(fault)
    if (part.event === undefined) continue
    if (part.event.type === '') throw missingMetadata()
    const eventFault =
      findEventFault(part.event, target.stream) ?? findCountFault(events.length + 1)
    if (eventFault !== undefined) throw faulty(eventFault)
    bytes += eventBytes(part.event)
    if (bytes > bytesMax) throw maximumAppendSizeExceeded(bytesMax)
    events.push(part.event)
  }
  return { target, events, bytes }
}

async function write(
  { stream, expected }: WriteTarget,
  events: readonly ProposedEvent[],
  bytes: number,
  { writer }: Writing,
): Promise<Buffer> {
  const outcome = await writer.submit({ type: 'Append', stream, expected, events }, bytes)
  switch (outcome.type) {
    case 'Written':
      return appended(outcome)
    case 'WrongExpectedVersion':
      return lostRace(expected, outcome.current)
    case 'StreamDeleted':
      throw streamDeleted(stream)
    case 'Failed':
      throw storageFailed(outcome.reason)
  }
}
