import sharedMessages from '@eventstore/db-client/generated/shared_pb.js'
import type { ReadResp } from '@eventstore/db-client/generated/streams_pb.js'
import streamMessages from '@eventstore/db-client/generated/streams_pb.js'

/** There is no stream of this name. */
export function streamNotFound(stream: string): Buffer {
  const identifier = new sharedMessages.StreamIdentifier()
  identifier.setStreamName(Buffer.from(stream).toString('base64'))
  const message = new streamMessages.ReadResp.StreamNotFound()
  message.setStreamIdentifier(identifier)
  return encode((response) => response.setStreamNotFound(message))
}

/** The first message of a subscription. */
export function confirmation(subscriptionId: string): Buffer {
  const message = new streamMessages.ReadResp.SubscriptionConfirmation()
  message.setSubscriptionId(subscriptionId)
  return encode((response) => response.setConfirmation(message))
}

/** The subscription is live from here on. */
export function caughtUp(): Buffer {
  return encode((response) => response.setCaughtUp(new streamMessages.ReadResp.CaughtUp()))
}

/** The position of a filtered subscription, sent though nothing matched. */
export function checkpoint(position: number): Buffer {
  const message = new streamMessages.ReadResp.Checkpoint()
  message.setCommitPosition(`${position}`)
  message.setPreparePosition(`${position}`)
  return encode((response) => response.setCheckpoint(message))
}

function encode(fill: (response: ReadResp) => void): Buffer {
  const response = new streamMessages.ReadResp()
  fill(response)
  return Buffer.from(response.serializeBinary())
}
