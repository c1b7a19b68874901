import streamMessages from '@eventstore/db-client/generated/streams_pb.js'
import { largestRevision, tombstoneRevision } from './encode.ts'

/** What a reader is sent of an event, but for its data: what a store keeps beside the message itself. */
export function decodeRecordedEvent(message: Buffer) {
  const event = streamMessages.ReadResp.deserializeBinary(message).getEvent()?.getEvent()
  if (event === undefined) throw new RangeError('the store has sent no event')
  const revision = event.getStreamRevision()
  const metadata = event.getMetadataMap()
  const id = event.getId()?.getString() ?? ''
  return {
    position: Number(event.getCommitPosition()),
    revision: revision === largestRevision ? tombstoneRevision : Number(revision),
    createdMs: Number(metadata.get('created')) / 10_000,
    type: metadata.get('type') ?? '',
    id: Buffer.from(id.replaceAll('-', ''), 'hex'),
    streamName: Buffer.from(event.getStreamIdentifier()?.getStreamName_asU8() ?? []).toString(),
  }
}
