import { useKeys } from '../components/keys.ts'
import { PlacementTable } from '../components/placement-table.ts'
import { RefusalNotice } from '../components/refusal-notice.ts'
import { Timestamp } from '../components/timestamp.ts'
import { useAnswer } from '../components/use-answer.ts'
import { useChanges } from '../components/use-changes.ts'
import { type Context, linkTo, objectPath } from '../context.ts'
import { html } from '../html.ts'
import { gridOf, type RecordedDecision } from '../model/placement-grid.ts'
import { isLater, streamIs } from '../moment/log-mark.ts'
import { fragmentOf, placeAt, withQuery } from '../moment/place.ts'
import { historyOf, type WhyAnswer } from '../reading/history.ts'

type Props = { context: Context; namespace: string; name: string }

/** Why a pod is where it is: every decision about it that was made by the moment, also of one long gone. */
export function PlacementPage({ context, namespace, name }: Props) {
  const { words, at, place, go, reading } = context
  const pod = { resource: 'pods', namespace, name }
  const isAll = place.query.all === 'true'
  const path = `${historyOf(pod, 'why')}${isAll ? '?all=true' : ''}`
  const tick = useChanges(context, ({ stream }) => streamIs(stream, pod), path)
  const { value, refusal } = useAnswer(
    (signal) => reading.json<WhyAnswer>(path, { signal }),
    path,
    tick,
  )
  const up = objectPath('pods', namespace, name)
  useKeys({ Escape: () => go(placeAt(place, up)) })
  const position = at?.split('@')[0]
  const made = (value?.decisions ?? []).filter(
    (each) => position === undefined || !isLater(each.position, position),
  )
  const chosen = made[Number(place.query.attempt ?? made.length) - 1] ?? made.at(-1)
  return html`<section class="page placement">
    <header class="object-head">
      <p class="faint">Pod · ${namespace}</p>
      <h1>${name}</h1>
      <a class="button" href=${linkTo(context, up)}>${words.summary} <kbd>Esc</kbd></a>
      <a class="button" href=${linkTo(context, [...up, 'what-if'])}>${words.whatIf}</a>
    </header>
    ${refusal && html`<${RefusalNotice} refusal=${refusal} words=${words} />`}
    ${value && chosen === undefined && html`<p class="empty">${words.noDecision}</p>`}
    ${made.length > 1 && html`<${Attempts} ...${{ context, made, chosen }} />`}
    ${chosen && html`<${Decided} ...${{ context, decision: chosen, all: chosen === value?.decisions.at(-1) ? value.all : undefined }} />`}
  </section>`
}

type AttemptsProps = {
  context: Context
  made: readonly RecordedDecision[]
  chosen: RecordedDecision
}

function Attempts({ context, made, chosen }: AttemptsProps) {
  const { words, place, go } = context
  return html`<div class="tabs" role="tablist">${made.map((each, index) => {
    const show = () => go(withQuery(place, { attempt: String(index + 1) }))
    const tone = each.outcome === 'Scheduled' ? 'good' : 'bad'
    return html`<button key=${each.position} type="button" role="tab" aria-selected=${each === chosen} onClick=${show}>
      ${words.attempt(index + 1)} <span class=${`dot ${tone}`}></span>
    </button>`
  })}</div>`
}

type DecidedProps = { context: Context; decision: RecordedDecision; all: WhyAnswer['all'] }

function Decided({ context, decision, all }: DecidedProps) {
  const { words, place } = context
  const { message, outcome, nodeName, time, position, view, assumed, digest } = decision
  const grid = gridOf({ nodes: all?.nodes ?? decision.nodes, ...(nodeName && { nodeName }) })
  const to = (at: string) => fragmentOf(withQuery(place, { at }))
  return html`
    <p class="decided"><span class=${`state ${outcome === 'Scheduled' ? 'good' : 'bad'}`}>${outcome}</span>
      ${message} <a href=${to(position)} title=${words.showThen}><${Timestamp} context=${context} time=${time} withAge /></a></p>
    ${digest && !all && html`<p class="notice">${words.keptOf(decision.nodes.length, digest.nodeCount)} <a href=${fragmentOf(withQuery(place, { all: 'true' }))}>${words.recompute}</a></p>`}
    ${all && html`<p class=${all.isProven ? 'notice' : 'notice warn'}>${all.isProven ? words.isProven : words.doubted(all.doubt ?? '')}</p>`}
    <${PlacementTable} context=${context} grid=${grid} label=${words.placement} />
    <dl class="facts inline">
      <dt>${words.seenAt}</dt><dd><a href=${to(view.position)}>${words.position} ${view.position}</a></dd>
      ${assumed.length > 0 && html`<dt>${words.assumed}</dt><dd>${assumed.join(', ')}</dd>`}
      <dt>${words.policy}</dt><dd><code>${decision.policy}</code></dd>
      <dt>${words.term}</dt><dd>${decision.term} · ${decision.number}</dd>
    </dl>`
}
