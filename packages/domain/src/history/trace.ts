import type { RecordedEvent } from '@reckon/eventing'
import { type Author, authorOf } from './object-history.ts'

/** An event, and what followed from it. */
export type TraceNode = {
  id: string
  type: string
  stream: string
  author: Author
  /** The time since its cause; undefined for the first event. */
  tookMs?: number
  children: TraceNode[]
}

/** The events of one request as trees of cause and effect, in log order. Pure. */
export function traceOf(events: readonly RecordedEvent[]): readonly TraceNode[] {
  const nodes = new Map<string, TraceNode>()
  const roots: TraceNode[] = []
  for (const event of events) {
    const { id, type, stream, metadata } = event
    const cause = nodes.get(metadata?.$causationId ?? '')
    const author = authorOf(event)
    const node: TraceNode = { id, type, stream, author, children: [] }
    nodes.set(id, node)
    if (cause === undefined) roots.push(node)
    else {
      node.tookMs = Date.parse(author.time) - Date.parse(cause.author.time)
      cause.children.push(node)
    }
  }
  return roots
}

/** The chain of causes from the first event to this one; empty where the event is not found. Pure. */
export function causesOf(roots: readonly TraceNode[], id: string): readonly TraceNode[] {
  for (const node of roots) {
    if (node.id === id) return [node]
    const below = causesOf(node.children, id)
    if (below.length > 0) return [node, ...below]
  }
  return []
}
