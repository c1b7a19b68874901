import type { Context } from '../context.ts'
import { html } from '../html.ts'
import { outlinesOf, totalsOf } from '../moment/density.ts'
import { classes } from '../moment/log-mark.ts'
import { shareOf, ticksOf } from '../moment/time-scale.ts'
import { formatTick } from '../words/format-time.ts'
import { useDensity } from './use-density.ts'

const minuteMs = 60_000
const minutes = 60
const ticksMax = 6

/** How much was recorded in each minute of the hour before the moment, and by whom. */
export function HourChart({ context }: { context: Context }) {
  const { words, form, nowMs, log, at } = context
  const toMs = Math.ceil(nowMs / minuteMs) * minuteMs
  const span = { fromMs: toMs - minutes * minuteMs, toMs }
  const density = useDensity(context, span, { parts: minutes, movedParts: 1 })
  // Who may not read the log sees nothing of it.
  if (log.refusal?.code === 403) return null
  const totals = totalsOf(density, minutes)
  const outlines = outlinesOf(density, minutes, (share) => share)
  const sums = classes.map((name) => [name, density[name].reduce((a, b) => a + b, 0)] as const)
  const told = sums.map(([name, sum]) => `${words[name]} ${sum}`).join(', ')
  const offsetMs = form.isUtc ? 0 : -new Date(toMs).getTimezoneOffset() * minuteMs
  const timeOf = (ms: number) => formatTick(ms, toMs - span.fromMs, form)
  return html`<section class="card hour">
    <header>
      <h2>${at === undefined ? words.lastHour : words.hourBefore}</h2>
      <ul class="legend faint">
        ${sums.map(([name, sum]) => html`<li key=${name}><span class=${`key ${name}`}></span>${words[name]} <b>${sum}</b></li>`)}
      </ul>
    </header>
    <div class="plot">
      <span class="most faint">${words.eachMinute(Math.max(...totals))}</span>
      <svg viewBox="0 0 ${minutes} 1" preserveAspectRatio="none" role="img" aria-label=${told}>
        ${classes.map((name) => html`<path key=${name} class=${name} d=${outlines[name]} />`)}
        ${totals.map((total, part) => {
          const from = span.fromMs + part * minuteMs
          return html`<rect key=${part} x=${part} width="1" height="1"><title>${`${timeOf(from)}  ${words.eachMinute(total)}`}</title></rect>`
        })}
      </svg>
      ${ticksOf(span, ticksMax, offsetMs).map((tickMs) => {
        const left = `${shareOf(span, tickMs) * 100}%`
        return html`<span class="tick" key=${tickMs} style=${{ left }}>${timeOf(tickMs)}</span>`
      })}
    </div>
  </section>`
}
