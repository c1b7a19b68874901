import type { Context } from '../context.ts'
import { html, useRef, useState } from '../html.ts'
import { lastBy, outlinesOf } from '../moment/density.ts'
import { classes, type LogMark } from '../moment/log-mark.ts'
import { type Span, shareOf, ticksOf, timeAt } from '../moment/time-scale.ts'
import { formatTick, formatTime } from '../words/format-time.ts'
import { useDensity } from './use-density.ts'

const parts = 160
const ticksMax = 8
/** What the bar itself shows need not be newer. */
const movedParts = 8

type Props = {
  context: Context
  marks: readonly LogMark[]
  span: Span
  /** When the moment and the one that it is compared with were; undefined is now, and none. */
  momentMs: number | undefined
  otherMs: number | undefined
  choose(timeMs: number): void
}

/** How much happened when, as a slider for the moment. */
export function TimeTrack({ context, marks, span, momentMs, otherMs, choose }: Props) {
  const { words, form } = context
  const track = useRef<HTMLDivElement>(null)
  const [hoverMs, setHoverMs] = useState<number>()
  const timeUnder = ({ clientX }: PointerEvent): number => {
    const { left = 0, width = 1 } = track.current?.getBoundingClientRect() ?? {}
    return timeAt(span, Math.max(0, Math.min(1, (clientX - left) / width)))
  }
  const onPointerDown = (event: PointerEvent) => {
    track.current?.setPointerCapture(event.pointerId)
    choose(timeUnder(event))
  }
  const onPointerMove = (event: PointerEvent) => {
    const timeMs = timeUnder(event)
    setHoverMs(timeMs)
    if (event.buttons === 1) choose(timeMs)
  }
  const shownMs = momentMs ?? span.toMs
  const outlines = outlinesOf(useDensity(context, span, { parts, movedParts }), parts)
  const offsetMs = form.isUtc ? 0 : -new Date(span.toMs).getTimezoneOffset() * 60_000
  return html`<div class="track" ref=${track} role="slider" tabIndex="0" aria-label=${words.timeBar}
    aria-valuemin=${Math.round(span.fromMs)} aria-valuemax=${Math.round(span.toMs)} aria-valuenow=${Math.round(shownMs)}
    aria-valuetext=${momentMs === undefined ? words.live : formatTime(momentMs, span.toMs, form)}
    ...${{ onPointerDown, onPointerMove }} onPointerLeave=${() => setHoverMs(undefined)}>
    <svg viewBox="0 0 ${parts} 1" preserveAspectRatio="none" aria-hidden="true">
      ${classes.map((name) => html`<path key=${name} class=${name} d=${outlines[name]} />`)}
    </svg>
    ${ticksOf(span, ticksMax, offsetMs)
      .filter((tickMs) => isInside(shareOf(span, tickMs)))
      .map(
        (tickMs) =>
          html`<span class="tick" key=${tickMs} style=${placed(span, tickMs)}>${formatTick(tickMs, span.toMs - span.fromMs, form)}</span>`,
      )}
    ${otherMs !== undefined && html`<span class="between" style=${between(span, otherMs, shownMs)}></span><span class="thumb other" style=${placed(span, otherMs)}></span>`}
    <span class=${momentMs === undefined ? 'thumb live' : 'thumb'} style=${placed(span, shownMs)}></span>
    ${hoverMs !== undefined && html`<${Hover} ...${{ context, marks, span, hoverMs }} />`}
  </div>`
}

/** A text at the very end of the track would stand over what is beside it. */
const isInside = (share: number): boolean => share > 0.02 && share < 0.98

const placed = (span: Span, timeMs: number) => ({ left: `${shareOf(span, timeMs) * 100}%` })

function between(span: Span, a: number, b: number) {
  const [from, to] = [shareOf(span, Math.min(a, b)), shareOf(span, Math.max(a, b))]
  return { left: `${from * 100}%`, width: `${(to - from) * 100}%` }
}

type HoverProps = Pick<Props, 'context' | 'marks' | 'span'> & { hoverMs: number }

/** What was the last change by then. */
function Hover({ context: { form }, marks, span, hoverMs }: HoverProps) {
  const mark = lastBy(marks, hoverMs)
  const share = shareOf(span, hoverMs)
  return html`<span class=${share > 0.5 ? 'hover left' : 'hover'} style=${{ left: `${share * 100}%` }}>
    <b>${formatTime(hoverMs, span.toMs, form)}</b>${mark && html` ${mark.type} <i>${mark.stream}</i>`}
  </span>`
}
