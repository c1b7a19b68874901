import sharedMessages from '@eventstore/db-client/generated/shared_pb.js'
import type { AppendResp } from '@eventstore/db-client/generated/streams_pb.js'
import streamMessages from '@eventstore/db-client/generated/streams_pb.js'
import type { handleClientStreamingCall } from '@grpc/grpc-js'
import type { AppendPart, ProposedEvent, WriteTarget } from '../protocol/decode.ts'
import type { AppendedTo } from '../protocol/encode.ts'
import {
  faulty,
  maximumAppendSizeExceeded,
  missingMetadata,
  storageFailed,
  streamDeleted,
  timedOut,
  toRefusal,
} from '../protocol/errors.ts'
import { partsMsMax, type Writing } from './batch-append.ts'
import type { ExpectedRevision } from './commit-check.ts'
import { eventBytes, findCountFault, findEventFault, findStreamFault } from './write-rules.ts'

/** `Streams/Append`: one append in a call of its own, which a client uses with own credentials. */
export function append(writing: Writing): handleClientStreamingCall<AppendPart, AppendResp> {
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

/** A client that begins an append and does not end it is not waited for. */
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
): Promise<AppendResp> {
  const outcome = await writer.submit({ type: 'Append', stream, expected, events }, bytes)
  switch (outcome.type) {
    case 'Written':
      return success(outcome)
    case 'WrongExpectedVersion':
      return wrongExpectedVersion(expected, outcome.current)
    case 'StreamDeleted':
      throw streamDeleted(stream)
    case 'Failed':
      throw storageFailed(outcome.reason)
  }
}

function success({ lastRevision, position }: AppendedTo): AppendResp {
  const message = new streamMessages.AppendResp.Success()
  if (lastRevision < 0) message.setNoStream(new sharedMessages.Empty())
  else message.setCurrentRevision(`${lastRevision}`)
  if (position === undefined) message.setNoPosition(new sharedMessages.Empty())
  else {
    const at = new streamMessages.AppendResp.Position()
    at.setCommitPosition(`${position}`)
    at.setPreparePosition(`${position}`)
    message.setPosition(at)
  }
  const response = new streamMessages.AppendResp()
  response.setSuccess(message)
  return response
}

/** In this call alone, a lost race is an answer and not a status. */
function wrongExpectedVersion(expected: ExpectedRevision, current: number): AppendResp {
  const message = new streamMessages.AppendResp.WrongExpectedVersion()
  const nothing = () => new sharedMessages.Empty()
  if (current < 0) message.setCurrentNoStream(nothing())
  else message.setCurrentRevision(`${current}`)
  if (expected === 'Any') message.setExpectedAny(nothing())
  else if (expected === 'NoStream') message.setExpectedNoStream(nothing())
  else if (expected === 'StreamExists') message.setExpectedStreamExists(nothing())
  else message.setExpectedRevision(`${expected}`)
  const response = new streamMessages.AppendResp()
  response.setWrongExpectedVersion(message)
  return response
}
