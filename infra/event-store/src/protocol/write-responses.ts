import sharedMessages from '@eventstore/db-client/generated/shared_pb.js'
import streamMessages from '@eventstore/db-client/generated/streams_pb.js'
import type { ExpectedRevision } from '../appending/commit-check.ts'
import type { AppendedTo } from './encode.ts'

/** The `AppendResp` of an append that succeeded. */
export function appended({ lastRevision, position }: AppendedTo): Buffer {
  const message = new streamMessages.AppendResp.Success()
  if (lastRevision < 0) message.setNoStream(nothing())
  else message.setCurrentRevision(`${lastRevision}`)
  if (position === undefined) message.setNoPosition(nothing())
  else message.setPosition(at(new streamMessages.AppendResp.Position(), position))
  const response = new streamMessages.AppendResp()
  response.setSuccess(message)
  return encode(response)
}

/** In `Append` alone, a lost race is an answer and not a status. */
export function lostRace(expected: ExpectedRevision, current: number): Buffer {
  const message = new streamMessages.AppendResp.WrongExpectedVersion()
  if (current < 0) message.setCurrentNoStream(nothing())
  else message.setCurrentRevision(`${current}`)
  if (expected === 'Any') message.setExpectedAny(nothing())
  else if (expected === 'NoStream') message.setExpectedNoStream(nothing())
  else if (expected === 'StreamExists') message.setExpectedStreamExists(nothing())
  else message.setExpectedRevision(`${expected}`)
  const response = new streamMessages.AppendResp()
  response.setWrongExpectedVersion(message)
  return encode(response)
}

/** The `DeleteResp` or `TombstoneResp`, which are alike. */
export function deletedAt(position: number): Buffer {
  const response = new streamMessages.DeleteResp()
  response.setPosition(at(new streamMessages.DeleteResp.Position(), position))
  return encode(response)
}

interface Position {
  setCommitPosition(position: string): unknown
  setPreparePosition(position: string): unknown
}

function at<Message extends Position>(message: Message, position: number): Message {
  message.setCommitPosition(`${position}`)
  message.setPreparePosition(`${position}`)
  return message
}

function nothing() {
  return new sharedMessages.Empty()
}

function encode(response: { serializeBinary(): Uint8Array }): Buffer {
  return Buffer.from(response.serializeBinary())
}
