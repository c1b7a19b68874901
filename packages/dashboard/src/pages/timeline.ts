import { useKeys } from '../components/keys.ts'
import { RefusalNotice } from '../components/refusal-notice.ts'
import { Timestamp } from '../components/timestamp.ts'
import { type Context, linkTo, objectPath } from '../context.ts'
import { html, useMemo } from '../html.ts'
import { type Lane, lanesOf } from '../model/lanes.ts'
import { classOf, type LogMark } from '../moment/log-mark.ts'
import { fragmentOf, placeAt, withQuery } from '../moment/place.ts'
import { type Span, shareOf, ticksOf } from '../moment/time-scale.ts'
import { spanOf, windowDefault } from '../moment/window.ts'
import { formatTime } from '../words/format-time.ts'

/** So many lanes, and of each so many events, are drawn. */
const lanesMax = 200
const marksMax = 40
const ticksMax = 8

/** In which order it happened: a lane for each object, its states and events in the time bar's window. */
export function TimelinePage({ context }: { context: Context }) {
  const { log, words, place, go, at, nowMs } = context
  const { open = '', ns = '', window: name = windowDefault } = place.query
  const presentMs = at === undefined ? nowMs : Math.max(nowMs, log.marks.at(-1)?.timeMs ?? nowMs)
  const firstMs = log.marks[0]?.timeMs ?? presentMs
  // Each second another span would be drawn anew.
  const endMs = Math.ceil(presentMs / 5_000) * 5_000
  const span = spanOf(name, { nowMs: endMs, firstMs, moments: [nowMs] })
  const opened = useMemo(() => new Set(open.split(',').filter((each) => each !== '')), [open])
  const lanes = useMemo(
    () => lanesOf(log.marks, { span, nowMs: endMs, ns, open: opened }),
    [log.marks, span.fromMs, span.toMs, ns, opened],
  )
  useKeys({ Escape: () => go(placeAt(place, [])) })
  const turn = (id: string) => {
    const others = [...opened].filter((each) => each !== id)
    const next = opened.has(id) ? others : [...others, id]
    go(withQuery(place, { open: next.join() }))
  }
  return html`<section class="page timeline">
    <header class="table-head"><h1>${words.timeline} <span class="count">${lanes.length}</span></h1>
      ${!log.isWhole && span.fromMs < firstMs && html`<p class="faint">${words.knownFrom} <${Timestamp} context=${context} time=${firstMs} /></p>`}
    </header>
    ${log.refusal && html`<${RefusalNotice} refusal=${log.refusal} words=${words} />`}
    ${lanes.length === 0 && html`<p class="empty">${words.nothing}</p>`}
    <div class="card lanes">
      <div class="lane-row head" aria-hidden="true"><span></span><span class="lane-track"><${Ticks} ...${{ context, span }} /></span></div>
      <ul>
        ${lanes.slice(0, lanesMax).map((lane) => html`<${LaneRow} key=${lane.id} ...${{ context, lane, span }} isOpen=${opened.has(lane.id)} turn=${() => turn(lane.id)} />`)}
      </ul>
      ${lanes.length > lanesMax && html`<p class="faint">${words.more(lanes.length - lanesMax)}</p>`}
    </div>
  </section>`
}

function Ticks({ context: { form }, span }: { context: Context; span: Span }) {
  const offsetMs = form.isUtc ? 0 : -new Date(span.toMs).getTimezoneOffset() * 60_000
  return html`${ticksOf(span, ticksMax, offsetMs)
    .filter((tickMs) => isInside(shareOf(span, tickMs)))
    .map(
      (tickMs) =>
        html`<span class="lane-tick" key=${tickMs} style=${placed(span, tickMs)}>${formatTime(tickMs, span.toMs, form)}</span>`,
    )}`
}

/** A time at the very end would be cut off. */
const isInside = (share: number): boolean => share > 0.04 && share < 0.96

const placed = (span: Span, timeMs: number) => ({ left: `${shareOf(span, timeMs) * 100}%` })

type RowProps = { context: Context; lane: Lane; span: Span; isOpen: boolean; turn(): void }

function LaneRow({ context, lane, span, isOpen, turn }: RowProps) {
  const { words, at, nowMs } = context
  const { resource, namespace, name, depth, count } = lane
  const kind = resource.split('.')[0]
  const label = isOpen ? words.closeLane(name) : words.openLane(name)
  return html`<li class="lane-row">
    <span class="lane-name" style=${{ paddingLeft: `${depth * 14}px` }}>
      ${count > 0 ? html`<button type="button" class="turn" aria-expanded=${isOpen} aria-label=${label} onClick=${turn}>${isOpen ? '▾' : '▸'}</button>` : html`<span class="turn"></span>`}
      <a href=${linkTo(context, objectPath(resource, namespace, name))} title=${`${kind}/${name} ${namespace}`}>${name}</a>
      <span class="faint">${kind}${count > 0 && ` · ${count}`}</span>
    </span>
    <span class="lane-track">
      ${lane.parts.map((part) => html`<${Part} key=${`${part.position} ${part.fromMs}`} ...${{ context, part, span }} />`)}
      ${marksIn(lane.marks, span).map((mark) => html`<${MarkLink} key=${mark.position} ...${{ context, mark, span }} />`)}
      ${at !== undefined && html`<span class="lane-moment" style=${placed(span, nowMs)}></span>`}
    </span>
  </li>`
}

const marksIn = (marks: readonly LogMark[], { fromMs, toMs }: Span): readonly LogMark[] =>
  marks.filter(({ timeMs }) => timeMs >= fromMs && timeMs <= toMs).slice(-marksMax)

type PartProps = { context: Context; part: Lane['parts'][number]; span: Span }

function Part({ context: { words }, part, span }: PartProps) {
  const [from, to] = [part.fromMs, part.toMs].map((ms) =>
    Math.max(0, Math.min(1, shareOf(span, ms))),
  )
  if (from === undefined || to === undefined || to <= from) return null
  const style = { left: `${from * 100}%`, width: `${(to - from) * 100}%` }
  return html`<span class=${`lane-part ${part.tone}`} style=${style} title=${part.state || words.unknownThen}></span>`
}

/** An event as a place that leads to its moment. */
function MarkLink({ context, mark, span }: { context: Context; mark: LogMark; span: Span }) {
  const { place, form } = context
  const label = `${mark.type}, ${formatTime(mark.timeMs, span.toMs, form)}, ${mark.user}`
  const href = fragmentOf(withQuery(place, { at: mark.position }))
  return html`<a class=${`lane-mark ${classOf(mark)}`} href=${href} style=${placed(span, mark.timeMs)} title=${label} aria-label=${label}></a>`
}
