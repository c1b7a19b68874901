import { columnNamed, type Row, type Table } from './table.ts'
import { type Tone, toneOf } from './tone.ts'

/** A pod as a square: what its table says of it, and how that is coloured. */
export type Square = { readonly row: Row; readonly state: string; readonly tone: Tone }

/** A node with its pods. */
export type NodeSquares = {
  /** Empty for pods that have no node. */
  readonly name: string
  readonly state: string
  readonly tone: Tone
  readonly squares: readonly Square[]
}

/** By what is in most need of a look. */
const weight: Record<Tone, number> = { bad: 0, warn: 1, '': 2, good: 3 }

/**
 * Which pods are on which node: those that have none first, then the nodes as their table has them. On each the pods
 * that need a look come first. Pods that are over take nothing of a node, and are left out.
 */
export function nodeMapOf(nodes: Table, pods: Table): readonly NodeSquares[] {
  const place = columnNamed(pods.columns, 'Node')
  const status = columnNamed(pods.columns, 'Status')
  const byNode = new Map<string, Square[]>()
  for (const row of pods.rows) {
    const state = row.cells[status] ?? ''
    if (isOver(state)) continue
    const node = row.cells[place] ?? noNode
    const tone = toneOf('Status', state)
    const squares = byNode.get(node)
    if (squares) squares.push({ row, state, tone })
    else byNode.set(node, [{ row, state, tone }])
  }
  const squaresOf = (node: string) =>
    (byNode.get(node) ?? []).toSorted((a, b) => weight[a.tone] - weight[b.tone])
  const waiting = squaresOf(noNode)
  const nodeStatus = columnNamed(nodes.columns, 'Status')
  return [
    ...(waiting.length > 0
      ? [{ name: '', state: '', tone: 'warn' as const, squares: waiting }]
      : []),
    ...nodes.rows.map(({ name, cells }): NodeSquares => {
      const state = cells[nodeStatus] ?? ''
      return { name, state, tone: toneOf('Status', state), squares: squaresOf(name) }
    }),
  ]
}

const noNode = '<none>'

const isOver = (state: string): boolean => /^(Completed|Succeeded|Evicted|Failed)$/.test(state)
