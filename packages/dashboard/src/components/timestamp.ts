import type { Context } from '../context.ts'
import { html } from '../html.ts'
import { ageOf } from '../model/age.ts'
import { formatFullTime, formatTime } from '../words/format-time.ts'

type Props = { context: Pick<Context, 'nowMs' | 'form'>; time: string | number; withAge?: boolean }

/** A time beside how long before the moment it was; whole, with its zone, on hovering. */
export function Timestamp({ context: { nowMs, form }, time, withAge = false }: Props) {
  const timeMs = typeof time === 'number' ? time : Date.parse(time)
  if (Number.isNaN(timeMs)) return null
  return html`<time dateTime=${new Date(timeMs).toISOString()} title=${formatFullTime(timeMs, form)}>
    ${formatTime(timeMs, nowMs, form)}${withAge && html` <span class="faint">${ageOf(nowMs - timeMs)}</span>`}
  </time>`
}
