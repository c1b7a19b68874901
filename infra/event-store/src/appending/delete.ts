import type { DeleteResp, TombstoneResp } from '@eventstore/db-client/generated/streams_pb.js'
import streamMessages from '@eventstore/db-client/generated/streams_pb.js'
import type { handleUnaryCall } from '@grpc/grpc-js'
import type { WriteTarget } from '../protocol/decode.ts'
import {
  faulty,
  invalidTransaction,
  storageFailed,
  streamDeleted,
  toRefusal,
  wrongExpectedVersion,
} from '../protocol/errors.ts'
import type { Writing } from './batch-append.ts'
import { findStreamFault } from './write-rules.ts'

/** `Streams/Delete`: hides a stream until it is appended to again. */
export function deleteStream(writing: Writing): handleUnaryCall<WriteTarget, DeleteResp> {
  return (call, callback) => {
    write('Delete', call.request, writing).then(
      (position) => {
        const at = new streamMessages.DeleteResp.Position()
        at.setCommitPosition(`${position}`)
        at.setPreparePosition(`${position}`)
        const response = new streamMessages.DeleteResp()
        response.setPosition(at)
        callback(null, response)
      },
      (error: unknown) => callback(toRefusal(error)),
    )
  }
}

/** `Streams/Tombstone`: ends a stream for ever and removes what it held. */
export function tombstoneStream(writing: Writing): handleUnaryCall<WriteTarget, TombstoneResp> {
  return (call, callback) => {
    write('Tombstone', call.request, writing).then(
      (position) => {
        const at = new streamMessages.TombstoneResp.Position()
        at.setCommitPosition(`${position}`)
        at.setPreparePosition(`${position}`)
        const response = new streamMessages.TombstoneResp()
        response.setPosition(at)
        callback(null, response)
      },
      (error: unknown) => callback(toRefusal(error)),
    )
  }
}

async function write(
  type: 'Delete' | 'Tombstone',
  { stream, expected }: WriteTarget,
  { writer }: Writing,
): Promise<number> {
  const fault = findStreamFault(stream)
  if (fault !== undefined) throw faulty(fault)
  if (stream.startsWith('$$')) throw invalidTransaction()
  const outcome = await writer.submit({ type, stream, expected }, 0)
  switch (outcome.type) {
    case 'Written':
      return outcome.position ?? 0
    case 'WrongExpectedVersion':
      throw wrongExpectedVersion(stream, expected, outcome.current)
    case 'StreamDeleted':
      throw streamDeleted(stream)
    case 'Failed':
      throw storageFailed(outcome.reason)
  }
}
