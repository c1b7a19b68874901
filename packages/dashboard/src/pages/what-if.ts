import { useKeys } from '../components/keys.ts'
import { PlacementTable } from '../components/placement-table.ts'
import { RefusalNotice } from '../components/refusal-notice.ts'
import { type Answer, useAnswer } from '../components/use-answer.ts'
import { useTyped } from '../components/use-typed.ts'
import { type Context, linkTo, objectPath, positionIn } from '../context.ts'
import { html } from '../html.ts'
import { gridOf } from '../model/placement-grid.ts'
import { supposedIn, suppositionOf } from '../model/supposition.ts'
import { placeAt, withQuery } from '../moment/place.ts'
import { historyOf, type SupposedChange, type SupposedPlacement } from '../reading/history.ts'

type Props = { context: Context; namespace: string; name: string }

/**
 * Where a pod would go at the moment shown, if it asked for something else or other nodes were there; beside where it
 * goes.
 */
export function WhatIfPage({ context, namespace, name }: Props) {
  const { words, at, place, go, reading } = context
  const why = [...objectPath('pods', namespace, name), 'why']
  useKeys({ Escape: () => go(placeAt(place, why)) })
  const body = suppositionOf(place.query)
  const query = at === undefined ? '' : `?at=${encodeURIComponent(positionIn(at))}`
  const path = `${historyOf({ resource: 'pods', namespace, name }, 'what-if')}${query}`
  const key = `${path} ${JSON.stringify(body)}`
  const answer = useAnswer(
    (signal) => reading.json<SupposedChange>(path, { method: 'POST', body, signal }),
    key,
  )
  const { value, refusal } = answer
  // What was supposed before is not what is supposed now.
  const isSupposed = Object.keys(body).length > 0 && answer.key === key
  return html`<section class="page what-if">
    <header class="object-head">
      <p class="faint">${words.whatIf} · ${namespace}</p>
      <h1>${name}</h1>
      <a class="button" href=${linkTo(context, why)}>${words.placement} <kbd>Esc</kbd></a>
    </header>
    <${Suppositions} ...${{ context, value }} />
    ${refusal && html`<${RefusalNotice} refusal=${refusal} words=${words} />`}
    ${
      value &&
      html`<div class="side-by-side">
        <${Placed} ...${{ context, title: words.asItIs, placed: value.before }} />
        <${Placed} ...${{ context, title: words.asSupposed, placed: isSupposed ? value.after : undefined }} />
      </div>`
    }
  </section>`
}

type SuppositionsProps = { context: Context; value: Answer<SupposedChange>['value'] }

/** What is otherwise; it stands in the address, so that a link supposes the same. */
function Suppositions({ context, value }: SuppositionsProps) {
  const { words, place, go } = context
  const { cpu = '', memory = '', selector = '', another = '' } = place.query
  const without = supposedIn(place.query.without)
  const nodes = (value?.before.nodes ?? []).map(({ node }) => node).toSorted()
  const set =
    (field: string) =>
    ({ currentTarget }: { currentTarget: HTMLInputElement | HTMLSelectElement }) =>
      go(withQuery(place, { [field]: currentTarget.value.trim() }))
  const turn = (node: string) => {
    const others = without.filter((each) => each !== node)
    const next = without.includes(node) ? others : [...without, node]
    go(withQuery(place, { without: next.join() }))
  }
  return html`<form class="card suppositions" onSubmit=${(event: Event) => event.preventDefault()}>
    <label>${words.cpu} <input ref=${useTyped(cpu)} placeholder="500m" onChange=${set('cpu')} spellcheck=${false} /></label>
    <label>${words.memory} <input ref=${useTyped(memory)} placeholder="1Gi" onChange=${set('memory')} spellcheck=${false} /></label>
    <label>${words.nodeSelector} <input ref=${useTyped(selector)} placeholder="disk=ssd" onChange=${set('selector')} spellcheck=${false} /></label>
    <label>${words.anotherNode} <select value=${another} onChange=${set('another')}>
      <option value="">–</option>
      ${nodes.map((node) => html`<option key=${node} value=${node}>${node}</option>`)}
    </select></label>
    <fieldset><legend>${words.withoutNodes}</legend>
      ${nodes.map((node) => html`<button key=${node} type="button" class="chip" aria-pressed=${without.includes(node)} onClick=${() => turn(node)}>${node}</button>`)}
    </fieldset>
  </form>`
}

type PlacedProps = { context: Context; title: string; placed: SupposedPlacement | undefined }

function Placed({ context, title, placed }: PlacedProps) {
  const { words } = context
  if (placed === undefined) {
    return html`<section><h2>${title}</h2><p class="empty card">${words.whatIfHint}</p></section>`
  }
  const { nodeName, message, nodes } = placed
  return html`<section><h2>${title}</h2>
    <p class="decided"><span class=${`state ${nodeName ? 'good' : 'bad'}`}>${nodeName ?? words.nowhere}</span> <span class="faint">${message}</span></p>
    <${PlacementTable} context=${context} grid=${gridOf({ nodes, ...(nodeName && { nodeName }) })} label=${title} />
  </section>`
}
