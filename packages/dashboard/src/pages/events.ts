import { RefusalNotice } from '../components/refusal-notice.ts'
import { Timestamp } from '../components/timestamp.ts'
import { type Context, linkTo, objectPath } from '../context.ts'
import { html, useState } from '../html.ts'
import { classOf, isLater, type LogMark, objectOfStream } from '../moment/log-mark.ts'
import { fragmentOf, withQuery } from '../moment/place.ts'

const pageRows = 200

/** What happened: the log up to the moment, the newest first; it goes on by itself. */
export function EventsPage({ context }: { context: Context }) {
  const { log, words, at, place, go } = context
  const [count, setCount] = useState(pageRows)
  const { q = '', ns = '' } = place.query
  const position = at?.split('@')[0]
  const isShown = (mark: LogMark) =>
    (position === undefined || !isLater(mark.position, position)) && holds(mark, q, ns)
  const found = log.marks.filter(isShown)
  const shown = found.slice(-count).toReversed()
  const filter = ({ currentTarget }: { currentTarget: HTMLInputElement }) =>
    go(withQuery(place, { q: currentTarget.value }))
  return html`<section class="page">
    <header class="table-head">
      <h1>${words.events} <span class="count">${found.length}</span></h1>
      <input class="filter" type="search" aria-label=${words.filter} placeholder=${words.filter} value=${q} onInput=${filter} spellcheck=${false} />
    </header>
    ${log.refusal && html`<${RefusalNotice} refusal=${log.refusal} words=${words} />`}
    <div class="table-box plain-box" tabIndex="0" role="region" aria-label=${words.events}><table class="plain events">
      <thead><tr><th>${words.time}</th><th>${words.what}</th><th>${words.object}</th><th>${words.who}</th><th>${words.position}</th></tr></thead>
      <tbody>${shown.map((mark) => html`<${EventRow} key=${mark.position} ...${{ context, mark }} />`)}</tbody>
    </table>
    ${found.length > count && html`<button type="button" onClick=${() => setCount(count + pageRows)}>${words.older}</button>`}
    </div>
  </section>`
}

/** Each word is in what is shown of it, and none of those with a `!`. */
function holds({ type, stream, user, verb }: LogMark, q: string, ns: string): boolean {
  if (ns !== '' && objectOfStream(stream)?.namespace !== ns) return false
  const text = `${type} ${stream} ${user} ${verb}`.toLowerCase()
  const words = q.toLowerCase().split(/\s+/)
  return words.every((word) => text.includes(word.replace(/^!/, '')) !== /^!./.test(word))
}

function EventRow({ context, mark }: { context: Context; mark: LogMark }) {
  const { place, words } = context
  const object = objectOfStream(mark.stream)
  const kind = classOf(mark)
  return html`<tr>
    <td><${Timestamp} context=${context} time=${mark.timeMs} withAge /></td>
    <td><span class=${`dot ${kind}`} title=${words[kind]}></span>${mark.type}</td>
    <td>${
      object
        ? html`<a href=${linkTo(context, objectPath(object.resource, object.namespace, object.name))}>${object.resource.split('.')[0]}/${object.name}</a> <span class="faint">${object.namespace}</span>`
        : html`<span class="faint">${mark.stream}</span>`
    }</td>
    <td>${mark.user}</td>
    <td><a href=${fragmentOf(withQuery(place, { at: mark.position }))} title=${words.showThen}>${mark.position}</a></td>
  </tr>`
}
