import { baseOf, type Context, linkTo, objectPath, positionIn } from '../context.ts'
import { html } from '../html.ts'
import {
  capacityOf,
  type Measure,
  measures,
  type NodeMetricsList,
  type Share,
  shareOf,
  shownAmount,
  type UtilisationAnswer,
} from '../model/capacity.ts'
import { historyRoot } from '../reading/history.ts'
import { useAnswer } from './use-answer.ts'

/** So many nodes are shown, the fullest first; their own page has all. */
const nodesMax = 8
/** What changes so seldom, or is so dear to ask for, is asked for so often. */
const everyMs = 5_000

/** What the nodes have, what pods ask for and use of it, and what is free: of all together and of the fullest. */
export function CapacityCard({ context, at }: { context: Context; at: string | undefined }) {
  const { reading, words, nowMs } = context
  const tick = at === undefined ? Math.floor(nowMs / everyMs) : 0
  const query = at === undefined ? '' : `?at=${encodeURIComponent(positionIn(at))}`
  const { value: told } = useAnswer<UtilisationAnswer>(
    (signal) => reading.json(`${historyRoot}/utilisation${query}`, { signal }),
    `utilisation ${baseOf(at)}`,
    tick,
  )
  const { value: usage } = useAnswer<NodeMetricsList | undefined>(
    async (signal) =>
      at === undefined ? reading.json('apis/metrics.k8s.io/v1beta1/nodes', { signal }) : undefined,
    `usage ${baseOf(at)}`,
    tick,
  )
  // Who may not read it has none.
  if (told === undefined) return null
  const { all, nodes } = capacityOf(told, usage)
  return html`<section class="card capacity">
    <h2>${words.capacity}</h2>
    <div class="meters">
      ${measures.map((measure) => html`<${WholeMeter} key=${measure} ...${{ context, measure }} share=${all[measure]} />`)}
    </div>
    ${
      nodes.length > 1 &&
      html`<table class="plain node-capacity">
        <thead><tr><th scope="col">${words.node}</th>${measures.map((measure) => html`<th scope="col" key=${measure}>${words[measure]}</th>`)}</tr></thead>
        <tbody>${nodes.slice(0, nodesMax).map(
          ([name, capacity]) => html`<tr key=${name}>
            <td><a href=${linkTo(context, objectPath('nodes', '', name))} title=${name}>${name}</a></td>
            ${measures.map((measure) => html`<td key=${measure}><${NodeMeter} ...${{ context, measure }} share=${capacity[measure]} /></td>`)}
          </tr>`,
        )}</tbody>
      </table>`
    }
    ${nodes.length > nodesMax && html`<a class="faint" href=${linkTo(context, ['nodes'])}>${words.more(nodes.length - nodesMax)}</a>`}
    <p class="legend faint"><span class="key used"></span>${words.used} <span class="key requested"></span>${words.requested} <span class="key"></span>${words.free}</p>
  </section>`
}

type MeterProps = { context: Context; measure: Measure; share: Share }

function WholeMeter({ context, measure, share }: MeterProps) {
  const { words } = context
  const { requested, allocatable, used } = share
  const told = (amount: number) => shownAmount(measure, amount)
  return html`<div>
    <p class="meter-head"><b>${words[measure]}</b> <span class="number">${percentOf(requested, share)}</span>
      <span class="faint">${words.requestedOf(told(requested), told(allocatable))}</span></p>
    <${Meter} share=${share} />
    <p class="faint">${used !== undefined && html`${words.used} ${told(used)} · `}${words.free} ${told(Math.max(0, allocatable - requested))}</p>
  </div>`
}

function NodeMeter({ context: { words }, measure, share }: MeterProps) {
  const { requested, allocatable } = share
  const [asked, whole] = [shownAmount(measure, requested), shownAmount(measure, allocatable)]
  return html`<span class="node-meter" title=${words.requestedOf(asked, whole)}><${Meter} share=${share} /> <span>${percentOf(requested, share)}</span></span>`
}

const percentOf = (amount: number, share: Share): string =>
  `${Math.round(shareOf(amount, share) * 100)}%`

/** More than nine tenths asked for: little is left. */
const narrow = 0.9

function Meter({ share }: { share: Share }) {
  const { requested, used } = share
  const width = (amount: number) => ({ width: `${Math.min(1, shareOf(amount, share)) * 100}%` })
  const isNarrow = shareOf(requested, share) > narrow
  return html`<span class="meter" aria-hidden="true">
    <span class=${isNarrow ? 'requested narrow' : 'requested'} style=${width(requested)}></span>
    ${used !== undefined && html`<span class="used" style=${width(used)}></span>`}
  </span>`
}
