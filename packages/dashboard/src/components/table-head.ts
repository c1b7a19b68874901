import type { Context } from '../context.ts'
import { html, useMemo, useRef } from '../html.ts'
import { type ComparedTable, changesIn, presentIn } from '../model/compare-tables.ts'
import { countsBy } from '../model/table.ts'
import { toneOf } from '../model/tone.ts'
import { withQuery } from '../moment/place.ts'
import { useKeys } from './keys.ts'

type Props = {
  context: Context
  title: string
  all: ComparedTable | undefined
  shown: ComparedTable | undefined
}

/** What a table is of, its filter, how many are in which state, and how much differs. */
export function TableHead({ context, title, all, shown }: Props) {
  const { place, go, words } = context
  const [shownCount, allCount] = [countOf(shown), countOf(all)]
  const field = useRef<HTMLInputElement>(null)
  useKeys({
    '/': () => field.current?.focus(),
    Escape: () => {
      if (document.activeElement === field.current) field.current?.blur()
      else go(withQuery(place, { q: '' }))
    },
  })
  const filter = ({ currentTarget }: { currentTarget: HTMLInputElement }) =>
    go(withQuery(place, { q: currentTarget.value }))
  return html`<header class="table-head">
    <h1>${title} <span class="count">${all && shown && words.rows(shownCount, allCount)}</span></h1>
    <input ref=${field} class="filter" type="search" aria-label=${words.filter} placeholder=${`${words.filter}: ${words.filterHint}`}
      value=${place.query.q ?? ''} onInput=${filter} spellcheck=${false} />
    ${all && !all.rest && html`<${States} context=${context} table=${all} />`}
    ${all && place.query.vs && html`<${Differences} words=${words} table=${all} />`}
  </header>`
}

/** How many are there at the later moment, here or still on their way. */
const countOf = (table: ComparedTable | undefined): number =>
  table ? presentIn(table.rows).length + (table.rest ?? 0) : 0

/** So many states are told one by one. */
const statesMax = 6

function States({ context: { place, go }, table }: { context: Context; table: ComparedTable }) {
  const { columns, rows } = table
  const counts = useMemo(
    () => countsBy({ columns, rows: presentIn(rows) }, 'Status').slice(0, statesMax),
    [columns, rows],
  )
  if (counts.length < 2 && toneOf('Status', counts[0]?.[0] ?? '') !== 'bad') return null
  return html`<ul class="states">
    ${counts.map(([state, count]) => {
      const q = `status:${state}`
      const isOn = place.query.q === q
      const choose = () => go(withQuery(place, { q: isOn ? '' : q }))
      return html`<li key=${state}>
        <button type="button" class=${`chip ${toneOf('Status', state)}`} aria-pressed=${isOn} onClick=${choose}>${state} <b>${count}</b></button>
      </li>`
    })}
  </ul>`
}

function Differences({ words, table }: { words: Context['words']; table: ComparedTable }) {
  const { added, removed, changed } = changesIn(table.rows)
  return html`<ul class="states">
    <li class="chip added">+ ${words.added} <b>${added}</b></li>
    <li class="chip removed">− ${words.removed} <b>${removed}</b></li>
    <li class="chip changed">~ ${words.changed} <b>${changed}</b></li>
  </ul>`
}
