import { useKeys } from '../components/keys.ts'
import { RefusalNotice } from '../components/refusal-notice.ts'
import { useAnswer } from '../components/use-answer.ts'
import { type Context, linkTo, objectPath } from '../context.ts'
import { html } from '../html.ts'
import { type CauseRow, causeRows, type TraceNode } from '../model/cause-tree.ts'
import { objectOfStream } from '../moment/log-mark.ts'
import { fragmentOf, placeAt, withQuery } from '../moment/place.ts'
import { historyOf, historyRoot, type ObjectName } from '../reading/history.ts'

type Props = { context: Context; object?: ObjectName; position?: string }
type TraceAnswer = { causes: readonly TraceNode[]; roots: readonly TraceNode[] }

/** What followed from a request, and why something exists: a line for each event, with its place in time. */
export function CausePage({ context, object, position }: Props) {
  const { reading, words, go, place } = context
  const path = object ? historyOf(object, 'trace') : `${historyRoot}/trace?position=${position}`
  const { value, refusal } = useAnswer(
    (signal) => reading.json<TraceAnswer>(path, { signal }),
    path,
  )
  const up = object ? objectPath(object.resource, object.namespace, object.name) : ['events']
  useKeys({ Escape: () => go(placeAt(place, up)) })
  const rows = causeRows(value?.roots ?? [])
  const lengthMs = Math.max(1, ...rows.map(({ toMs }) => toMs))
  return html`<section class="page cause">
    <header class="object-head">
      <p class="faint">${words.cause}</p>
      <h1>${object?.name ?? `${words.position} ${position}`}</h1>
      <a class="button" href=${linkTo(context, up)}>${object ? words.summary : words.events} <kbd>Esc</kbd></a>
    </header>
    ${refusal && html`<${RefusalNotice} refusal=${refusal} words=${words} />`}
    ${value && rows.length === 0 && html`<p class="empty">${words.nothing}</p>`}
    <ol class="card trace">${rows.map((row) => html`<${CauseLine} key=${row.node.id} ...${{ context, row, lengthMs }} />`)}</ol>
  </section>`
}

type LineProps = { context: Context; row: CauseRow; lengthMs: number }

function CauseLine({ context, row, lengthMs }: LineProps) {
  const { place, words } = context
  const { node, depth, count, fromMs, toMs, isSlowest } = row
  const object = objectOfStream(node.stream)
  const then = fragmentOf(withQuery(place, { at: node.author.position }))
  const bar = {
    left: `${(fromMs / lengthMs) * 100}%`,
    width: `${Math.max(0.4, ((toMs - fromMs) / lengthMs) * 100)}%`,
  }
  return html`<li class=${isSlowest ? 'slowest' : ''}>
    <span class="told" style=${{ paddingLeft: `${depth * 18}px` }}>
      <a href=${then} title=${words.showThen}><b>${node.type}</b></a>${count > 1 && html` <span class="state">× ${count}</span>`}
      ${object && html` <a class="faint" href=${linkTo(context, objectPath(object.resource, object.namespace, object.name))}>${object.resource.split('.')[0]}/${object.name}</a>`}
      <span class="faint"> ${node.author.user.replace('system:', '')}</span>
    </span>
    <span class="lane"><span class="step" style=${bar}></span></span>
    <span class="took">${toMs} ms</span>
  </li>`
}
