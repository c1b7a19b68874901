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
import { deletedAt } from '../protocol/write-responses.ts'
import type { Writing } from './batch-append.ts'
import { findStreamFault } from './write-rules.ts'

/** `Streams/Delete` hides a stream until it is appended to again; `Streams/Tombstone` ends it for ever. */
export function deleteStream(
  type: 'Delete' | 'Tombstone',
  writing: Writing,
): handleUnaryCall<WriteTarget, Buffer> {
  return (call, callback) => {
    write(type, call.request, writing).then(
      (position) => callback(null, deletedAt(position)),
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
