import { FieldList } from '../components/field-list.ts'
import { RefusalNotice } from '../components/refusal-notice.ts'
import { Timestamp } from '../components/timestamp.ts'
import { useAnswer } from '../components/use-answer.ts'
import { type Context, linkTo } from '../context.ts'
import { html, useState } from '../html.ts'
import { isLater } from '../moment/log-mark.ts'
import { fragmentOf, withQuery } from '../moment/place.ts'
import { historyOf, type ObjectName, type RecordedChange } from '../reading/history.ts'

type Props = { context: Context; object: ObjectName; tick: number }
type HistoryAnswer = { folded: number; changes: readonly RecordedChange[] }

/** What became of an object, the newest first: when, by whom, which fields. What is later than the moment is faint. */
export function ObjectHistory({ context, object, tick }: Props) {
  const { reading, words } = context
  const [isAll, setAll] = useState(false)
  const path = `${historyOf(object, 'history')}${isAll ? '?all=true' : ''}`
  const { value, refusal } = useAnswer(
    (signal) => reading.json<HistoryAnswer>(path, { signal }),
    path,
    tick,
  )
  if (refusal) return html`<${RefusalNotice} refusal=${refusal} words=${words} />`
  if (value === undefined) return html`<p class="empty">${words.loading}</p>`
  const { folded, changes } = value
  return html`<section class="card history">
    ${(folded > 0 || isAll) && html`<p class="faint">${!isAll && words.folded(folded)} <button type="button" class="plain-button" onClick=${() => setAll(!isAll)}>${isAll ? words.fold : words.unfold}</button></p>`}
    ${changes.length === 0 && html`<p class="faint">${words.noHistory}</p>`}
    <ol>${changes.toReversed().map((change) => html`<${ChangeLine} key=${change.position} ...${{ context, change }} />`)}</ol>
  </section>`
}

function ChangeLine({ context, change }: { context: Context; change: RecordedChange }) {
  const { words, at, place } = context
  const { position, time, user, client, type, effect, fields } = change
  const isAhead = at !== undefined && isLater(position, at.split('@')[0] ?? '')
  const then = fragmentOf(withQuery(place, { at: position }))
  return html`<li class=${`${effect.toLowerCase()}${isAhead ? ' ahead' : ''}`}>
    <p>
      <a href=${then} title=${words.showThen}><${Timestamp} context=${context} time=${time} withAge /></a>
      <strong>${type}</strong> <span>${user}</span> ${client && html`<span class="faint">${client.split(' ')[0]}</span>`}
      <a class="faint" href=${linkTo(context, ['cause', position])} title=${words.cause}>↳</a>
      <a class="faint" href=${linkTo(context, ['changes'], { at: '', vs: position })} title=${words.compareFrom}>⇄</a>
      <a class="faint" href=${linkTo(context, ['undo', position], { at: '', vs: '' })} title=${words.undo} aria-label=${words.undo}>↶</a>
    </p>
    <${FieldList} fields=${fields} />
  </li>`
}
