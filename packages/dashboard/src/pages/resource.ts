import { DataTable } from '../components/data-table.ts'
import { RefusalNotice } from '../components/refusal-notice.ts'
import { TableHead } from '../components/table-head.ts'
import { useAnswer } from '../components/use-answer.ts'
import { useChanges } from '../components/use-changes.ts'
import { baseOf, type Context } from '../context.ts'
import { html, useMemo } from '../html.ts'
import { type ComparedTable, compareTables, uncompared } from '../model/compare-tables.ts'
import { filterOf } from '../model/filter.ts'
import type { Kind } from '../model/kind.ts'
import { sortRows } from '../model/sort-rows.ts'
import { emptyTable, type Table, withNamespaces } from '../model/table.ts'
import { inOrder, type LogMark, resourceOfStream } from '../moment/log-mark.ts'
import type { Refusal } from '../reading/read.ts'
import { readTable } from '../reading/tables.ts'

/** What is there of a kind: its table at the moment, and what differs from another one. */
export function ResourcePage({ context, kind }: { context: Context; kind: Kind }) {
  const { place, words } = context
  const { q = '', sort = '', vs } = place.query
  const [earlier, later] = vs === undefined ? [undefined, context.at] : inOrder(vs, context.at)
  const now = useTable(context, kind, later)
  const then = useTable(context, kind, earlier, vs !== undefined)
  const compared = useMemo(
    () => comparedWith(now.table, vs === undefined ? emptyTable : then.table, vs !== undefined),
    [now.table, then.table, vs],
  )
  const shown = useMemo(() => compared && narrowed(compared, q, sort), [compared, q, sort])
  const trouble = now.refusal ?? then.refusal
  return html`<section class="page table-page">
    <${TableHead} context=${context} title=${kind.plural} all=${compared} shown=${shown} />
    ${trouble && html`<${RefusalNotice} refusal=${trouble} words=${words} />`}
    ${
      shown
        ? html`<${DataTable} context=${context} resource=${kind.id} table=${shown} isBusy=${now.isBusy || then.isBusy} />`
        : trouble === undefined && html`<p class="empty">${words.loading}</p>`
    }
  </section>`
}

function comparedWith(
  now: Table | undefined,
  then: Table | undefined,
  isCompared: boolean,
): ComparedTable | undefined {
  if (now === undefined || then === undefined) return undefined
  return isCompared ? compareTables(then, now) : uncompared(now)
}

function narrowed(table: ComparedTable, q: string, sort: string): ComparedTable {
  const isWanted = filterOf(q, table.columns)
  const wanted = q === '' ? table.rows : table.rows.filter(isWanted)
  return { columns: table.columns, rows: sortRows(wanted, table.columns, sort) }
}

/** The table of a kind at a moment: now it follows what is recorded. */
function useTable(
  context: Context,
  kind: Kind,
  at: string | undefined,
  isWanted = true,
): { table: Table | undefined; refusal: Refusal | undefined; isBusy: boolean } {
  const { reading, log, place } = context
  const { ns = '' } = place.query
  const key = `${kind.id} ${ns} ${at ?? ''} ${isWanted}`
  const counts = ({ stream }: LogMark) => isWanted && resourceOfStream(stream) === kind.id
  const tick = useChanges({ log, at }, counts, key)
  const {
    value,
    refusal,
    key: answered,
  } = useAnswer<Table | undefined>(
    async (signal) =>
      isWanted ? readTable(reading, kind, { base: baseOf(at), namespace: ns, signal }) : undefined,
    key,
    tick,
  )
  const isAll = kind.isNamespaced && ns === ''
  const table = useMemo(() => value && (isAll ? withNamespaces(value) : value), [value, isAll])
  return { table, refusal, isBusy: answered !== key }
}
