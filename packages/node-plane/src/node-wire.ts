import { decodeOrder, encodeOrder, oversizedHeader, type Wire } from '@reckon/eventing/bus'
import type { NodeChange, NodeHead, NodeMessage, NodeWireName } from './node-message.ts'
import { nodeEvents, nodeHead, sharedEvents, sharedHead } from './node-subjects.ts'
import { parseChanges, parseHead } from './parse-node-message.ts'

/** One message for a wire of nodes; without a node, for the one that all share. */
export type NodeWireMessage = {
  node?: string
  position: bigint
  /** The position of the message before it on the same wire. */
  previous: bigint
  changes: readonly NodeChange[]
}

/** A wire of nodes as a reader follows it. */
export const nodeWire = (name: NodeWireName, node: string): Wire<readonly NodeChange[]> => ({
  events: name === 'Shared' ? sharedEvents : nodeEvents(node),
  head: name === 'Shared' ? sharedHead : nodeHead(node),
  decodePosition: (message) => decodeOrder(message).position,
  decode(message) {
    const isOversized = message.headers[oversizedHeader] !== undefined
    const content = isOversized ? undefined : parseChanges(message.data)
    return { ...decodeOrder(message), content }
  },
  decodeHead: ({ data }) => parseHead(data),
})

const encoder = new TextEncoder()

/** What is published of a message; what exceeds the wire goes as its position only: nodes read again. */
export function encodeNodeMessage(
  { node, position, previous, changes }: NodeWireMessage,
  bytesMax: number,
): { subject: string; data: Uint8Array; headers: Record<string, string> } {
  const subject = node === undefined ? sharedEvents : nodeEvents(node)
  const headers = encodeOrder(position, previous)
  const data = encoder.encode(JSON.stringify({ changes } satisfies NodeMessage))
  return data.length <= bytesMax
    ? { subject, data, headers }
    : { subject, data: new Uint8Array(), headers: { ...headers, [oversizedHeader]: 'true' } }
}

export const encodeNodeHead = (position: bigint): Uint8Array =>
  encoder.encode(JSON.stringify({ position: String(position) } satisfies NodeHead))
