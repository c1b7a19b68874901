import type { RecordedEvent } from '@reckon/eventing'
import { type Author, authorOf } from './object-history.ts'

/** An event, and what followed from it. */
export type TraceNode = {
  id: string
  type: string
  stream: string
  author: Author
  /** How long after its cause it was recorded; absent of what began it. */
  tookMs?: number
  children: TraceNode[]
}

/** What followed from what: the events of one request as trees, in the order of the log. Pure. */
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

/** From what began it to one event, each the cause of the next; empty where the event is not there. Pure. */
export function causesOf(roots: readonly TraceNode[], id: string): readonly TraceNode[] {
  for (const node of roots) {
    if (node.id === id) return [node]
    const below = causesOf(node.children, id)
    if (below.length > 0) return [node, ...below]
  }
  return []
}
