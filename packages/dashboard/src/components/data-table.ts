import { type Context, linkTo, objectPath } from '../context.ts'
import { html, useEffect, useLayoutEffect, useMemo, useRef, useState } from '../html.ts'
import { ageOf } from '../model/age.ts'
import type { ComparedRow, ComparedTable } from '../model/compare-tables.ts'
import { nextOrder } from '../model/sort-rows.ts'
import { toneOf } from '../model/tone.ts'
import { windowOf } from '../model/window-rows.ts'
import { withQuery } from '../moment/place.ts'
import { useKeys } from './keys.ts'

/** As the style sheet has it. */
const rowHeight = 34

type Props = {
  context: Context
  resource: string
  table: ComparedTable
  /** Whether these are the rows of another moment still. */
  isBusy: boolean
}

/** A table as kubectl prints it, of which only the rows are drawn that are seen. */
export function DataTable({ context, resource, table, isBusy }: Props) {
  const { rows, columns, rest = 0 } = table
  const count = rows.length + rest
  const { place, go, words } = context
  const box = useRef<HTMLDivElement>(null)
  const [seen, setSeen] = useState({ top: 0, height: 900 })
  const [chosenUid, setChosenUid] = useState<string>()
  // The row stays chosen where others come above it.
  const chosen = chosenUid === undefined ? -1 : rows.findIndex(({ uid }) => uid === chosenUid)
  const look = () => {
    const { scrollTop = 0, clientHeight = 900 } = box.current ?? {}
    setSeen({ top: scrollTop, height: clientHeight })
  }
  useLayoutEffect(look, [])
  useEffect(() => {
    addEventListener('resize', look)
    return () => removeEventListener('resize', look)
  }, [])
  const choose = (index: number) => {
    const next = Math.max(0, Math.min(rows.length - 1, index))
    setChosenUid(rows[next]?.uid)
    intoSight(box.current, next)
  }
  const open = () => {
    const row = rows[chosen]
    if (row) go({ ...place, ...pathAndQuery(context, resource, row) })
  }
  useKeys({
    j: () => choose(chosen + 1),
    k: () => choose(chosen - 1),
    ArrowDown: () => choose(chosen + 1),
    ArrowUp: () => choose(chosen - 1),
    Enter: open,
  })
  const { first, end } = windowOf(rows.length, { ...seen, rowHeight })
  const { sort = '' } = place.query
  const heads = columns.map(({ name, description }) => {
    const order = sort === name ? 'ascending' : sort === `-${name}` ? 'descending' : undefined
    const turn = () => go(withQuery(place, { sort: nextOrder(sort, name) }))
    return html`<th key=${name} scope="col" aria-sort=${order} title=${description}>
      <button type="button" onClick=${turn}>${name}<span class="order" aria-hidden="true">${orderSign(order)}</span></button>
    </th>`
  })
  return html`<div class="table-box" ref=${box} onScroll=${look} tabIndex="0" role="region" aria-label=${resource} aria-busy=${String(isBusy)}>
    <table class="data" aria-rowcount=${count + 1}>
      <thead><tr aria-rowindex="1">${heads}</tr></thead>
      <tbody>
        <tr class="space" aria-hidden="true" style=${{ height: `${first * rowHeight}px` }}></tr>
        ${rows
          .slice(first, end)
          .map(
            (row, index) =>
              html`<${DataRow} key=${row.uid} ...${{ context, resource, row, columns }} index=${first + index} isChosen=${first + index === chosen} />`,
          )}
        <tr class="space" aria-hidden="true" style=${{ height: `${(count - end) * rowHeight}px` }}></tr>
      </tbody>
    </table>
    ${count === 0 && html`<p class="empty">${place.query.q ? words.noMatch : words.nothing}</p>`}
  </div>`
}

const orderSign = (order: string | undefined): string =>
  order === 'ascending' ? '▲' : order === 'descending' ? '▼' : ''

const pathAndQuery = ({ place }: Context, resource: string, { namespace, name }: ComparedRow) => ({
  path: objectPath(resource, namespace, name),
  query: withQuery(place, { q: '', sort: '' }).query,
})

function intoSight(box: HTMLElement | null, index: number): void {
  if (box === null) return
  const top = index * rowHeight
  const bottom = top + 2 * rowHeight
  if (top < box.scrollTop) box.scrollTop = top
  else if (bottom > box.scrollTop + box.clientHeight) box.scrollTop = bottom - box.clientHeight
}

type RowProps = Props['table'] & {
  context: Context
  resource: string
  row: ComparedRow
  index: number
  isChosen: boolean
}

const marks = { same: '', added: '+', removed: '−', changed: '~' }

/**
 * A row, whose cells are drawn anew only where something of them is otherwise: with each key and each change most are
 * the same, if at another place.
 */
function DataRow({ context, resource, row, columns, index, isChosen }: RowProps) {
  const { words, at, nowMs } = context
  const { change = 'same' } = row
  const link = linkTo(context, objectPath(resource, row.namespace, row.name))
  // The API counted it to when it answered.
  const isAging = at === undefined && change !== 'removed' && row.created !== ''
  const age = isAging ? ageOf(nowMs - Date.parse(row.created)) : undefined
  const cells = useMemo(
    () =>
      columns.map(({ name }, place) => {
        const text = (name === 'Age' ? age : undefined) ?? row.cells[place] ?? ''
        const was = row.was?.[place]
        const shown =
          was === undefined
            ? text
            : html`<del title=${words.was}>${was || '·'}</del> <span class="arrow">→</span> ${text}`
        if (name === 'Name') {
          return html`<td key=${name} class="name" title=${row.name}><a href=${link}>${shown}</a></td>`
        }
        return html`<td key=${name} class=${text === '<none>' ? 'none' : toneOf(name, text)} title=${text}>${shown}</td>`
      }),
    [row, columns, words, link, age],
  )
  const label = change === 'same' ? undefined : words[change]
  return html`<tr class=${`${change}${isChosen ? ' chosen' : ''}`} aria-rowindex=${index + 2} aria-selected=${isChosen} data-mark=${marks[change]} title=${label}>${cells}</tr>`
}
