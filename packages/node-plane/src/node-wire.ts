import type { Wire, WireEntry } from '@reckon/eventing/bus'
import type { NodeChange, NodeHead, NodeMessage, NodeWireName } from './node-message.ts'
import { nodeEvents, nodeHead, sharedEvents, sharedHead } from './node-subjects.ts'
import { parseChanges, parseHead } from './parse-node-message.ts'

/** An entry for a wire of nodes; without a node, for the shared one. */
export type NodeWireMessage = {
  node?: string
  position: bigint
  /** The position of the previous entry on the same wire. */
  previous: bigint
  changes: readonly NodeChange[]
}

/** A wire of nodes as a reader follows it. */
export const nodeWire = (name: NodeWireName, node: string): Wire<readonly NodeChange[]> => ({
  events: name === 'Shared' ? sharedEvents : nodeEvents(node),
  head: name === 'Shared' ? sharedHead : nodeHead(node),
  decode: parseChanges,
  decodeHead: ({ data }) => parseHead(data),
})

const encoder = new TextEncoder()

/** The entry as a frame, and its subject. */
export function encodeNodeMessage({ node, position, previous, changes }: NodeWireMessage): {
  subject: string
  entry: WireEntry
} {
  const content = encoder.encode(JSON.stringify({ changes } satisfies NodeMessage))
  const subject = node === undefined ? sharedEvents : nodeEvents(node)
  return { subject, entry: { position, previous, content } }
}

export const encodeNodeHead = (position: bigint): Uint8Array =>
  encoder.encode(JSON.stringify({ position: String(position) } satisfies NodeHead))
