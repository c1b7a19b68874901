import { columnNamed, type Row, type Table } from './table.ts'
import { toneOf } from './tone.ts'

/** Something that is not as it should be: of which resource, and what its table says of it. */
export type Trouble = {
  readonly resource: string
  readonly row: Row
  readonly what: string
  readonly tone: 'warn' | 'bad'
  /** Whether it has a node, or needs none. */
  readonly isPlaced: boolean
}

/** What kubectl's tables say of a resource that needs looking at; the worst first. Jobs that are under way do not. */
export function troublesIn(resource: string, { columns, rows }: Table): readonly Trouble[] {
  const status = columnNamed(columns, 'Status')
  const ready = columnNamed(columns, 'Ready')
  const node = columnNamed(columns, 'Node')
  const found = rows.flatMap((row): Trouble[] => {
    const state = row.cells[status] ?? ''
    const tone = toneOf('Status', state)
    const isPlaced = row.cells[node] !== '<none>'
    if (tone === 'bad' || tone === 'warn') return [{ resource, row, what: state, tone, isPlaced }]
    const parts = row.cells[ready] ?? ''
    if (toneOf('Ready', parts) === '' || /^(Completed|Succeeded)$/.test(state)) return []
    return [{ resource, row, what: parts, tone: 'warn', isPlaced }]
  })
  return found.toSorted((a, b) => weightOf(b) - weightOf(a))
}

const weightOf = ({ tone }: Trouble): number => (tone === 'bad' ? 1 : 0)
