import { FieldList } from '../components/field-list.ts'
import { RefusalNotice } from '../components/refusal-notice.ts'
import { Timestamp } from '../components/timestamp.ts'
import { useAnswer } from '../components/use-answer.ts'
import { type Context, linkTo, objectPath, positionIn } from '../context.ts'
import { html, useState } from '../html.ts'
import { fragmentOf, withQuery } from '../moment/place.ts'
import {
  type DiffAnswer,
  historyRoot,
  type ObjectDifference,
  readPosition,
} from '../reading/history.ts'
import { type Refusal, refusalOf } from '../reading/read.ts'

const spans = ['1m', '5m', '15m', '1h', '1d']

/** What differs between the moment and the one that it is compared with: objects, fields, and who wrote there. */
export function ChangesPage({ context }: { context: Context }) {
  const { words, place } = context
  const { vs } = place.query
  return html`<section class="page changes">
    <header class="table-head"><h1>${words.changes}</h1></header>
    ${vs === undefined ? html`<${Choices} context=${context} />` : html`<${Differences} context=${context} vs=${vs} />`}
  </section>`
}

function Choices({ context }: { context: Context }) {
  const { words, place, go, reading } = context
  const [refusal, setRefusal] = useState<Refusal>()
  const choose = (span: string) =>
    readPosition(reading, span, new AbortController().signal).then(
      ({ position }) => go(withQuery(place, { vs: position })),
      (error: unknown) => setRefusal(refusalOf(error)),
    )
  return html`<div class="card choices"><p>${words.changesHint}</p>
    ${spans.map((span) => html`<button key=${span} type="button" onClick=${() => choose(span)}>${span}</button>`)}
    ${refusal && html`<${RefusalNotice} refusal=${refusal} words=${words} />`}
  </div>`
}

function Differences({ context, vs }: { context: Context; vs: string }) {
  const { words, at, place, reading } = context
  const { ns = '', all = '' } = place.query
  const query = new URLSearchParams({
    from: positionIn(vs),
    ...(at && { to: positionIn(at) }),
    ...(ns && { namespace: ns }),
    ...(all && { all }),
    limit: '200',
  })
  const path = `${historyRoot}/diff?${query}`
  const { value, refusal } = useAnswer((signal) => reading.json<DiffAnswer>(path, { signal }), path)
  if (refusal) return html`<${RefusalNotice} refusal=${refusal} words=${words} />`
  if (value === undefined) return html`<p class="empty">${words.loading}</p>`
  const { from, to, count, objects } = value
  const fold = fragmentOf(withQuery(place, { all: all ? '' : 'true' }))
  return html`
    <p class="between-told">
      <${Timestamp} context=${context} time=${from.time} /> <span class="arrow">→</span> <${Timestamp} context=${context} time=${to.time} />
      <span class="count">${count}</span> <a href=${fold}>${all ? words.fold : words.unfold}</a>
    </p>
    ${objects.length === 0 && html`<p class="empty">${words.nothingDiffers}</p>`}
    <ul class="differences">${objects.map((each) => html`<${DifferenceCard} key=${`${each.resource} ${each.namespace} ${each.name}`} ...${{ context, difference: each }} />`)}</ul>
    ${count > objects.length && html`<p class="faint">${words.more(count - objects.length)}</p>`}`
}

function DifferenceCard({
  context,
  difference,
}: {
  context: Context
  difference: ObjectDifference
}) {
  const { words } = context
  const { resource, namespace = '', name, kind, what, fields, authors } = difference
  const link = linkTo(context, objectPath(resource, namespace, name), { tab: 'history' })
  const users = [...new Set(authors.map(({ user }) => user))]
  return html`<li class=${`card ${what.toLowerCase()}`}>
    <p><span class=${`state ${what.toLowerCase()}`}>${words[what]}</span>
      <a href=${link}>${kind}/${name}</a> <span class="faint">${namespace}</span> <span class="by">${users.join(', ')}</span></p>
    <${FieldList} fields=${fields} />
  </li>`
}
