import { columnNamed, countsBy, type Table } from './table.ts'
import { type Tone, toneOf } from './tone.ts'

/** How many objects of a kind are in a state. */
export type StateCount = { readonly state: string; readonly count: number; readonly tone: Tone }

/**
 * The states that a table tells, the most frequent first; of a kind that tells none, how many have all that they want
 * ready.
 */
export function statesIn(table: Pick<Table, 'columns' | 'rows'>): readonly StateCount[] {
  if (columnNamed(table.columns, 'Status') >= 0) {
    const counts = countsBy(table, 'Status')
    return counts.map(([state, count]) => ({ state, count, tone: toneOf('Status', state) }))
  }
  const parts = countsBy(table, 'Ready').filter(([value]) => /^\d+\/\d+$/.test(value))
  const countOf = (isReady: boolean) =>
    parts
      .filter(([value]) => (toneOf('Ready', value) === '') === isReady)
      .reduce((sum, [, count]) => sum + count, 0)
  const states: readonly StateCount[] = [
    { state: 'Ready', count: countOf(true), tone: 'good' },
    { state: 'NotReady', count: countOf(false), tone: 'warn' },
  ]
  return states.filter(({ count }) => count > 0)
}
