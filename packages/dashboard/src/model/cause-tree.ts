/** An event, and what followed from it. */
export type TraceNode = {
  id: string
  type: string
  stream: string
  author: { position: string; time: string; user: string }
  /** How long after its cause it was recorded; absent of what began it. */
  tookMs?: number
  children: readonly TraceNode[]
}

/** A line of the tree as it is drawn. */
export type CauseRow = {
  readonly node: TraceNode
  readonly depth: number
  /** How many like it followed from the same cause; the slowest of them is the one that is shown. */
  readonly count: number
  /** When its cause was recorded and when it was itself, since the first event. */
  readonly fromMs: number
  readonly toMs: number
  /** Whether it lies on the way to what came last. */
  readonly isSlowest: boolean
}

/** More than so many that are alike stand in one line. */
const alikeMax = 3
const rowsMax = 300

/** The tree line by line, equal siblings as one; no more lines than can be read. */
export function causeRows(roots: readonly TraceNode[]): readonly CauseRow[] {
  const [first] = roots
  if (first === undefined) return []
  const startMs = timeOf(first)
  const slowest = pathTo(lastOf(roots), roots)
  const rows: CauseRow[] = []
  const add = (nodes: readonly TraceNode[], depth: number, fromMs: number) => {
    for (const { node, count } of grouped(nodes)) {
      if (rows.length >= rowsMax) return
      const toMs = timeOf(node) - startMs
      rows.push({ node, depth, count, fromMs, toMs, isSlowest: slowest.has(node.id) })
      add(node.children, depth + 1, toMs)
    }
  }
  add(roots, 0, 0)
  return rows
}

/** Siblings in their order; where too many are alike, the one after which most came, for all of them. */
function grouped(nodes: readonly TraceNode[]): readonly { node: TraceNode; count: number }[] {
  const groups = Map.groupBy(nodes, ({ type, stream }) => `${type} ${stream.split('-', 1)[0]}`)
  return [...groups.values()].flatMap((alike) =>
    alike.length > alikeMax
      ? [{ node: lastEndOf(alike), count: alike.length }]
      : alike.map((node) => ({ node, count: 1 })),
  )
}

const lastEndOf = (nodes: readonly TraceNode[]): TraceNode =>
  nodes.reduce((latest, node) => (endOf(node) > endOf(latest) ? node : latest))

const endOf = (node: TraceNode): number => Math.max(timeOf(node), ...node.children.map(endOf))

const lastOf = (nodes: readonly TraceNode[]): number => Math.max(...nodes.map(endOf))

/** The ids on the way to what was recorded at that time. */
function pathTo(endMs: number, nodes: readonly TraceNode[]): ReadonlySet<string> {
  const next = nodes.find((node) => endOf(node) === endMs)
  if (next === undefined) return new Set()
  return new Set([next.id, ...pathTo(endMs, next.children)])
}

const timeOf = ({ author }: TraceNode): number => Date.parse(author.time)
