import codeMessages from '@eventstore/db-client/generated/code_pb.js'
import sharedMessages from '@eventstore/db-client/generated/shared_pb.js'
import statusMessages from '@eventstore/db-client/generated/status_pb.js'
import streamMessages from '@eventstore/db-client/generated/streams_pb.js'
import anyMessages from 'google-protobuf/google/protobuf/any_pb.js'
import emptyMessages from 'google-protobuf/google/protobuf/empty_pb.js'
import type { ExpectedRevision } from '../appending/commit-check.ts'
import type { WriteFault } from '../appending/write-rules.ts'
import { finished, newWriter } from './wire.ts'

/** Why one append of a BatchAppend call failed: there, errors are messages like any answer. */
export type AppendError =
  | { readonly type: 'WrongExpectedVersion'; readonly current: number }
  | { readonly type: 'StreamDeleted' }
  | { readonly type: 'Timeout' }
  | { readonly type: 'TooLarge'; readonly bytesMax: number }
  | WriteFault
  | { readonly type: 'Failed'; readonly reason: string }

/** The `BatchAppendResp` of an append that failed. */
export function encodeBatchAppendError(
  correlation: Buffer,
  stream: string,
  expected: ExpectedRevision,
  error: AppendError,
): Buffer {
  const { code, text, detail, typeName } = describe(stream, expected, error)
  const any = new anyMessages.Any()
  any.pack(detail.serializeBinary(), `event_store.client.${typeName}`)
  const rpcStatus = new statusMessages.Status()
  rpcStatus.setCode(code)
  rpcStatus.setMessage(text)
  rpcStatus.setDetails(any)
  const identifier = new sharedMessages.StreamIdentifier()
  identifier.setStreamName(Buffer.from(stream).toString('base64'))
  const response = new streamMessages.BatchAppendResp()
  response.setError(rpcStatus)
  response.setStreamIdentifier(identifier)
  // The correlation id is returned unchanged: the order of fields does not matter.
  const head = finished(newWriter().uint32(0x0a).bytes(correlation))
  return Buffer.concat([head, response.serializeBinary()])
}

const codes = codeMessages.Code

/** Codes of google.rpc.Code: the client reads only the detail, people also the text. */
function describe(stream: string, expected: ExpectedRevision, error: AppendError) {
  switch (error.type) {
    case 'WrongExpectedVersion':
      return {
        code: codes.FAILED_PRECONDITION,
        text: `Append failed due to WrongExpectedVersion. Stream: ${stream}`,
        detail: wrongExpectedVersionDetail(expected, error.current),
        typeName: 'WrongExpectedVersion',
      } as const
    case 'StreamDeleted': {
      const identifier = new sharedMessages.StreamIdentifier()
      identifier.setStreamName(Buffer.from(stream).toString('base64'))
      const detail = new sharedMessages.StreamDeleted()
      detail.setStreamIdentifier(identifier)
      const text = `Event stream '${stream}' is deleted.`
      return { code: codes.FAILED_PRECONDITION, text, detail, typeName: 'StreamDeleted' } as const
    }
    case 'Timeout': {
      const detail = new sharedMessages.Timeout()
      const text = 'the deadline has passed'
      return { code: codes.DEADLINE_EXCEEDED, text, detail, typeName: 'Timeout' } as const
    }
    case 'TooLarge': {
      const detail = new sharedMessages.MaximumAppendSizeExceeded()
      detail.setMaxappendsize(error.bytesMax)
      const text = `Maximum Append Size of ${error.bytesMax} Exceeded.`
      const typeName = 'MaximumAppendSizeExceeded'
      return { code: codes.INVALID_ARGUMENT, text, detail, typeName } as const
    }
    case 'AccessDenied': {
      const detail = new sharedMessages.AccessDenied()
      const text = 'Access Denied'
      return { code: codes.PERMISSION_DENIED, text, detail, typeName: 'AccessDenied' } as const
    }
    case 'Invalid':
      return badRequest(codes.INVALID_ARGUMENT, error.reason)
    case 'Failed':
      return badRequest(codes.INTERNAL, error.reason)
  }
}

/** A detail that the client does not know makes it show the text, unlike its `Unknown`. */
function badRequest(code: (typeof codes)[keyof typeof codes], text: string) {
  const detail = new sharedMessages.BadRequest()
  detail.setMessage(text)
  return { code, text, detail, typeName: 'BadRequest' } as const
}

function wrongExpectedVersionDetail(expected: ExpectedRevision, current: number) {
  const detail = new sharedMessages.WrongExpectedVersion()
  const nothing = () => new emptyMessages.Empty()
  if (current < 0) detail.setCurrentNoStream(nothing())
  else detail.setCurrentStreamRevision(`${current}`)
  if (expected === 'Any') detail.setExpectedAny(nothing())
  else if (expected === 'NoStream') detail.setExpectedNoStream(nothing())
  else if (expected === 'StreamExists') detail.setExpectedStreamExists(nothing())
  else detail.setExpectedStreamPosition(`${expected}`)
  return detail
}
