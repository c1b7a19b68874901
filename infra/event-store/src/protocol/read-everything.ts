import sharedMessages from '@eventstore/db-client/generated/shared_pb.js'
import streamMessages from '@eventstore/db-client/generated/streams_pb.js'

/** The `ReadReq` of all that is recorded in `$all` from a position on, this one included. */
export function readEverything(position: number): Buffer {
  const { Options } = streamMessages.ReadReq
  const empty = new sharedMessages.Empty()
  const at = new Options.Position()
  at.setCommitPosition(`${position}`).setPreparePosition(`${position}`)
  const options = new Options()
    .setAll(new Options.AllOptions().setPosition(at))
    .setReadDirection(Options.ReadDirection.FORWARDS)
    .setCount(`${Number.MAX_SAFE_INTEGER}`)
    .setNoFilter(empty)
    .setUuidOption(new Options.UUIDOption().setString(empty))
  return Buffer.from(new streamMessages.ReadReq().setOptions(options).serializeBinary())
}
