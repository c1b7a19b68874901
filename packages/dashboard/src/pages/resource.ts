import { DataTable } from '../components/data-table.ts'
import { NodeMap } from '../components/node-map.ts'
import { RefusalNotice } from '../components/refusal-notice.ts'
import { TableHead } from '../components/table-head.ts'
import { useTables } from '../components/use-tables.ts'
import type { Context } from '../context.ts'
import { html, useMemo } from '../html.ts'
import { type ComparedTable, compareTables } from '../model/compare-tables.ts'
import { filterOf } from '../model/filter.ts'
import { type Kind, titleOf } from '../model/kind.ts'
import { sortRows } from '../model/sort-rows.ts'
import { emptyTable, type Table } from '../model/table.ts'
import { inOrder } from '../moment/log-mark.ts'

/** What is there of a kind: its table at the moment, and what differs from another one. */
export function ResourcePage({ context, kind }: { context: Context; kind: Kind }) {
  const { place, words } = context
  const { q = '', sort = '', vs } = place.query
  const [earlier, later] = vs === undefined ? [undefined, context.at] : inOrder(vs, context.at)
  const now = useTable(context, kind, later)
  const then = useTable(context, kind, earlier, vs !== undefined)
  // Which rows are first when they are chosen, sorted or compared is known once all are there.
  const isAsListed = q === '' && sort === '' && vs === undefined
  const present = isAsListed ? now.table : wholeOf(now.table)
  const former = vs === undefined ? emptyTable : wholeOf(then.table)
  const compared = useMemo(
    () => comparedWith(present, former, vs !== undefined),
    [present, former, vs],
  )
  const shown = useMemo(() => compared && narrowed(compared, q, sort), [compared, q, sort])
  const nodes = wholeOf(now.table)
  const trouble = now.refusal ?? then.refusal
  return html`<section class="page table-page">
    <${TableHead} context=${context} title=${titleOf(kind)} all=${compared} shown=${shown} />
    ${kind.id === 'nodes' && nodes && html`<${NodeMap} ...${{ context, nodes }} at=${later} />`}
    ${trouble && html`<${RefusalNotice} refusal=${trouble} words=${words} />`}
    ${
      shown
        ? html`<${DataTable} context=${context} resource=${kind.id} table=${shown} isBusy=${now.isBusy || then.isBusy} />`
        : trouble === undefined && html`<p class="empty">${words.loading}</p>`
    }
  </section>`
}

const wholeOf = (table: Table | undefined) => (table?.rest ? undefined : table)

function comparedWith(
  now: Table | undefined,
  then: Table | undefined,
  isCompared: boolean,
): ComparedTable | undefined {
  if (now === undefined || then === undefined) return undefined
  return isCompared ? compareTables(then, now) : now
}

function narrowed(table: ComparedTable, q: string, sort: string): ComparedTable {
  if (q === '' && sort === '') return table
  const isWanted = filterOf(q, table.columns)
  const wanted = q === '' ? table.rows : table.rows.filter(isWanted)
  return { columns: table.columns, rows: sortRows(wanted, table.columns, sort) }
}

/** The table of a kind at a moment, if it is wanted. */
function useTable(context: Context, kind: Kind, at: string | undefined, isWanted = true) {
  const kinds = useMemo(() => (isWanted ? [kind] : []), [kind, isWanted])
  const { tables, refusal, isBusy } = useTables(context, kinds, at, { isFirstShown: true })
  return { table: tables?.get(kind.id), refusal, isBusy }
}
