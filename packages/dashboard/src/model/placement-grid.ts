/** What the scheduler found about one node. */
export type Verdict = {
  node: string
  rejectedBy?: { plugin: string; reason: string }
  passed: readonly string[]
  scores?: Readonly<Record<string, number>>
  total?: number
}

/** One recorded decision about a pod, as far as it is shown. */
export type RecordedDecision = {
  outcome: string
  nodeName?: string
  time: string
  position: string
  message: string
  term: number
  number: number
  policy: string
  view: { position: string }
  assumed: readonly number[]
  nodes: readonly Verdict[]
  digest?: { nodeCount: number; suitingCount: number }
}

/** What one plugin said of a node: let it pass, rejected it and why, was not asked any more, or gave it a score. */
export type Cell =
  | { readonly said: 'passed' | 'unasked' }
  | { readonly said: 'rejected'; readonly reason: string }
  | { readonly said: 'score'; readonly score: number; readonly share: number }

type GridRow = {
  readonly node: string
  readonly isChosen: boolean
  readonly filters: readonly Cell[]
  readonly scores: readonly Cell[]
  readonly total: number | undefined
}

/** Node by plugin: the filters in the order in which they were asked, then what the others scored. */
export type PlacementGrid = {
  readonly filters: readonly string[]
  readonly scorers: readonly string[]
  readonly rows: readonly GridRow[]
}

/** The chosen node first, then by score, then those that did not suit. */
export function gridOf({
  nodes,
  nodeName,
}: Pick<RecordedDecision, 'nodes' | 'nodeName'>): PlacementGrid {
  const filters = inOrder(nodes)
  const scorers = [...new Set(nodes.flatMap(({ scores = {} }) => Object.keys(scores)))]
  const most = scorers.map((name) => Math.max(0, ...nodes.map(({ scores }) => scores?.[name] ?? 0)))
  const rows = nodes.map(
    (verdict): GridRow => ({
      node: verdict.node,
      isChosen: verdict.node === nodeName,
      filters: filters.map((name) => filterCell(verdict, name)),
      scores: scorers.map((name, index) => scoreCell(verdict.scores?.[name], most[index] ?? 0)),
      total: verdict.total,
    }),
  )
  const worth = ({ isChosen, total = -1 }: GridRow) => (isChosen ? Number.POSITIVE_INFINITY : total)
  return { filters, scorers, rows: rows.toSorted((a, b) => worth(b) - worth(a) || 0) }
}

/**
 * All filters that are named, in the order in which nodes passed them; who rejected comes after what was passed before.
 */
function inOrder(nodes: readonly Verdict[]): readonly string[] {
  const longest = nodes.toSorted((a, b) => b.passed.length - a.passed.length)
  const names = longest.flatMap(({ passed, rejectedBy }) => [
    ...passed,
    ...(rejectedBy ? [rejectedBy.plugin] : []),
  ])
  return [...new Set(names)]
}

function filterCell({ rejectedBy, passed }: Verdict, name: string): Cell {
  if (rejectedBy?.plugin === name) return { said: 'rejected', reason: rejectedBy.reason }
  return { said: passed.includes(name) ? 'passed' : 'unasked' }
}

const scoreCell = (score: number | undefined, most: number): Cell =>
  score === undefined
    ? { said: 'unasked' }
    : { said: 'score', score, share: most === 0 ? 0 : score / most }
