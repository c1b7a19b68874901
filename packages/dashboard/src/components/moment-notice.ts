import type { Context } from '../context.ts'
import { positionIn } from '../context.ts'
import { html } from '../html.ts'
import { ageOf } from '../model/age.ts'
import { withQuery } from '../moment/place.ts'
import { formatTime } from '../words/format-time.ts'

type Props = {
  context: Context
  presentMs: number
  momentMs: number | undefined
  otherMs: number | undefined
}

/** That this is the past, or a comparison: nobody takes it for the present. */
export function MomentNotice({ context, presentMs, momentMs, otherMs }: Props) {
  const { words, at, form, place, go } = context
  const { vs } = place.query
  if (at === undefined && vs === undefined) return null
  const past =
    at !== undefined && momentMs !== undefined
      ? words.pastAt(
          formatTime(momentMs, presentMs, form),
          ageOf(presentMs - momentMs),
          positionIn(at),
        )
      : at && words.past
  return html`<p class=${at === undefined ? 'moment-notice comparing' : 'moment-notice'} role="status">
    <span>${past} ${otherMs !== undefined && html`<b>⇄ ${words.comparing(formatTime(otherMs, presentMs, form))}</b>`}</span>
    ${vs && html`<button type="button" onClick=${() => go(withQuery(place, { vs: '' }))}>${words.compareEnd}</button>`}
    ${at && html`<button type="button" onClick=${() => go(withQuery(place, { at: '' }))}>${words.goLive} <kbd>.</kbd></button>`}
  </p>`
}
