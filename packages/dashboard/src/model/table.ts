/** A Table of meta.k8s.io, as the API answers it. */
export type TableAnswer = {
  metadata?: { resourceVersion?: string; continue?: string; remainingItemCount?: number }
  columnDefinitions?: { name: string; priority: number; description: string }[]
  rows?: TableRow[]
}

export type TableRow = { cells: unknown[]; object?: { metadata?: Metadata } }

type Metadata = {
  uid?: string
  resourceVersion?: string
  name?: string
  namespace?: string
  creationTimestamp?: string
  labels?: Readonly<Record<string, string>>
  ownerReferences?: { uid: string; kind: string; name: string }[]
}

export type Column = {
  readonly name: string
  /** 0 where kubectl shows it without `-o wide`. */
  readonly priority: number
  readonly description: string
}

export type Row = {
  /** The same for an object as long as it lives. */
  readonly uid: string
  /** The position of its last change; decimal. */
  readonly version: string
  readonly namespace: string
  readonly name: string
  /** As the API writes it, in UTC: earlier ones sort first. */
  readonly created: string
  readonly labels: Readonly<Record<string, string>>
  readonly owners: readonly string[]
  readonly cells: readonly string[]
}

export type Table = {
  readonly columns: readonly Column[]
  readonly rows: readonly Row[]
  /** Up to which position of the log it tells what is there; decimal. */
  readonly version: string
  /** Whether the namespace is in front, as `kubectl get -A` has it. */
  readonly withNamespace: boolean
  /** How many rows more there are, of a table of which only the first have come. */
  readonly rest?: number
}

export const emptyTable: Table = { columns: [], rows: [], version: '0', withNamespace: false }

/** The rows of an answer, each cell as kubectl prints it; of all namespaces as `kubectl get -A` does. */
export const tableIn = (
  { columnDefinitions = [], rows = [], metadata }: TableAnswer,
  { withNamespace }: { withNamespace: boolean },
): Table => ({
  columns: [
    ...(withNamespace ? [{ name: 'Namespace', priority: 0, description: '' }] : []),
    ...columnDefinitions.map(({ name, priority, description }) => ({
      ...{ name, priority, description },
    })),
  ],
  rows: rows.map((row) => rowOf(row, withNamespace)),
  version: metadata?.resourceVersion ?? '0',
  withNamespace,
  ...(metadata?.remainingItemCount && { rest: metadata.remainingItemCount }),
})

/** The whole of a table, of its first rows and the others. */
export const joined = ({ rest: _, ...first }: Table, { rows }: Table): Table => ({
  ...first,
  rows: [...first.rows, ...rows],
})

/** A row as a Table has it, or a stream of rows. */
export function rowOf({ cells: told, object }: TableRow, withNamespace: boolean): Row {
  const metadata = object?.metadata ?? nothing
  const { namespace = '', name = textOf(told[0]), ownerReferences } = metadata
  // Of thousands of rows no object is made that is not kept: it would double what they cost.
  const cells = withNamespace ? [namespace] : []
  for (const cell of told) cells.push(textOf(cell))
  return {
    uid: metadata.uid ?? `${namespace}/${name}`,
    version: metadata.resourceVersion ?? '0',
    namespace,
    name,
    created: metadata.creationTimestamp ?? '',
    labels: metadata.labels ?? noLabels,
    owners: ownerReferences?.map(({ uid }) => uid) ?? noOwners,
    cells,
  }
}

const nothing: Metadata = {}
const noLabels: Row['labels'] = {}
const noOwners: Row['owners'] = []

function textOf(cell: unknown): string {
  if (typeof cell === 'string') return cell
  if (cell === null || cell === undefined) return ''
  return typeof cell === 'object' ? JSON.stringify(cell) : String(cell)
}

/** Where a column stands; -1 where there is none of that name. */
export const columnNamed = (columns: readonly Column[], name: string): number =>
  columns.findIndex((column) => column.name.toLowerCase() === name.toLowerCase())

/** How many rows show each value of a column, the most frequent first. */
export function countsBy(
  { columns, rows }: Pick<Table, 'columns' | 'rows'>,
  name: string,
): readonly [string, number][] {
  const place = columnNamed(columns, name)
  if (place < 0) return []
  const counts = new Map<string, number>()
  for (const { cells } of rows) {
    const value = cells[place] ?? ''
    counts.set(value, (counts.get(value) ?? 0) + 1)
  }
  return [...counts].sort((a, b) => b[1] - a[1])
}
