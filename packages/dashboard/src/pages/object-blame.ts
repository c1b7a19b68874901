import { RefusalNotice } from '../components/refusal-notice.ts'
import { Timestamp } from '../components/timestamp.ts'
import { useAnswer } from '../components/use-answer.ts'
import type { Context } from '../context.ts'
import { html } from '../html.ts'
import { fragmentOf, withQuery } from '../moment/place.ts'
import { type BlamedField, historyOf, type ObjectName } from '../reading/history.ts'

type Props = { context: Context; object: ObjectName; tick: number }

/** Each field of an object as it is, with who gave it that value. */
export function ObjectBlame({ context, object, tick }: Props) {
  const { reading, words, place, at } = context
  const path = historyOf(object, 'blame')
  const { value, refusal } = useAnswer(
    (signal) => reading.json<{ fields: readonly BlamedField[] }>(path, { signal }),
    path,
    tick,
  )
  if (refusal) return html`<${RefusalNotice} refusal=${refusal} words=${words} />`
  if (value === undefined) return html`<p class="empty">${words.loading}</p>`
  return html`${at !== undefined && html`<p class="notice warn">${words.blameNow}</p>`}
  <section class="card"><table class="plain blame">
    <thead><tr><th>${words.field}</th><th>${words.value}</th><th>${words.who}</th><th>${words.time}</th></tr></thead>
    <tbody>${value.fields.map(
      ({ field, value: told, author }) => html`<tr key=${field}>
        <td><code>${field}</code></td>
        <td><code>${typeof told === 'string' ? told : JSON.stringify(told)}</code></td>
        <td>${author.user}</td>
        <td><a href=${fragmentOf(withQuery(place, { at: author.position }))} title=${words.showThen}><${Timestamp} context=${context} time=${author.time} /></a></td>
      </tr>`,
    )}</tbody>
  </table></section>`
}
