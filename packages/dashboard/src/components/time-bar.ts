import type { Context } from '../context.ts'
import { html, useEffect, useRef, useState } from '../html.ts'
import { lastBy, neighbour } from '../moment/density.ts'
import type { LogMark } from '../moment/log-mark.ts'
import { withQuery } from '../moment/place.ts'
import { spanOf, windowDefault, windows } from '../moment/window.ts'
import { readPosition } from '../reading/history.ts'
import { Refusal } from '../reading/read.ts'
import { useKeys } from './keys.ts'
import { TimeTrack } from './time-track.ts'
import { useAnswer } from './use-answer.ts'

type Props = {
  context: Context
  /** The present, by this machine's clock. */
  presentMs: number
  momentMs: number | undefined
  otherMs: number | undefined
  /** Whether a change is one that the page shows: steps go from one of these to the next. */
  counts(mark: LogMark): boolean
}

/** Under every page: which moment it shows, what happened around it, and the way to any other one. */
export function TimeBar({ context, presentMs, momentMs, otherMs, counts }: Props) {
  const { place, go, words, log, at, reading } = context
  const { window: name = windowDefault, vs } = place.query
  const marks = log.marks
  const moments = [momentMs, otherMs].flatMap((each) => each ?? [])
  const { value: known } = useAnswer((signal) => readPosition(reading, '0s', signal), 'first')
  const firstMs = Date.parse(known?.first?.time ?? '') || marks[0]?.timeMs || presentMs
  const span = spanOf(name, { nowMs: presentMs, firstMs, moments })
  const isPlaying = usePlaying(context, counts)
  const show = (position: string) => go(withQuery(place, { at: position }))
  const step = useSteps(marks, (steps) => {
    const found = neighbour(marks, at?.split('@')[0], { steps, counts })
    if (found) show(found.position)
    else if (steps > 0) show('')
  })
  const find = useSearch(context, 'at')
  const findOther = useSearch(context, 'vs')
  const choose = (timeMs: number) => {
    const isNow = timeMs >= span.toMs - (span.toMs - span.fromMs) / 200 && span.toMs === presentMs
    const mark = lastBy(marks, timeMs)
    if (isNow) show('')
    else if (mark) show(mark.position)
    else find(new Date(timeMs).toISOString()).catch(() => {})
  }
  const here = at ?? marks.at(-1)?.position
  const pin = () => {
    if (vs) go(withQuery(place, { vs: '' }))
    else if (here !== undefined) go(withQuery(place, { vs: here }))
    else findOther('0s').catch(() => {})
  }
  const field = useRef<HTMLInputElement>(null)
  useKeys({
    ArrowLeft: () => step(-1),
    ArrowRight: () => step(1),
    'Shift+ArrowLeft': () => step(-10),
    'Shift+ArrowRight': () => step(10),
    '.': () => show(''),
    t: () => field.current?.focus(),
    '[': pin,
    x: pin,
  })
  const setWindow = ({ currentTarget }: { currentTarget: HTMLSelectElement }) =>
    go(withQuery(place, { window: currentTarget.value }))
  if (log.refusal?.code === 403) return html`<footer class="time-bar off">${words.noLog}</footer>`
  return html`<footer class="time-bar" aria-label=${words.timeBar}>
    <div class="steps">
      <button type="button" title=${words.earlier} aria-label=${words.earlier} onClick=${() => step(-1)}>‹</button>
      <button type="button" title=${isPlaying.is ? words.stop : words.play} aria-label=${isPlaying.is ? words.stop : words.play} onClick=${isPlaying.turn}>${isPlaying.is ? '❚❚' : '▶'}</button>
      <button type="button" title=${words.later} aria-label=${words.later} onClick=${() => step(1)}>›</button>
    </div>
    <${TimeTrack} ...${{ context, marks, span, momentMs, otherMs, choose }} />
    <div class="moment-tools">
      <button type="button" class=${at === undefined ? 'live on' : 'live'} title=${words.goLive} onClick=${() => show('')}>${words.live}</button>
      <button type="button" class="pin" aria-pressed=${vs !== undefined} title=${vs ? words.compareEnd : words.comparePin} aria-label=${vs ? words.compareEnd : words.comparePin} onClick=${pin}>⇄</button>
      <input ref=${field} class="go-to" aria-label=${words.goToLabel} placeholder=${words.goTo} spellcheck=${false} onKeyDown=${onEnter(find)} onInput=${forget} />
      <select aria-label=${words.window} value=${name} onChange=${setWindow}>
        ${Object.keys(windows).map((each) => html`<option key=${each} value=${each}>${each}</option>`)}
      </select>
    </div>
  </footer>`
}

type FieldEvent = { currentTarget: HTMLInputElement }

/** What was wrong with what stood there is nothing to what is typed now. */
const forget = ({ currentTarget }: FieldEvent) => currentTarget.setCustomValidity('')

/** Goes to what is typed; what is no moment stays, with the reason. */
const onEnter =
  (find: (text: string) => Promise<void>) =>
  ({ key, currentTarget: field }: KeyboardEvent & FieldEvent) => {
    if (key !== 'Enter' || field.value === '') return
    find(field.value).then(
      () => {
        field.value = ''
        field.blur()
      },
      (error: unknown) => {
        if (!(error instanceof Refusal)) return
        field.setCustomValidity(error.message)
        field.reportValidity()
      },
    )
  }

/**
 * Goes to the position of a moment that is named otherwise: a time, a duration before now; as the one shown, or the one
 * that it is compared with. The newest question wins.
 */
function useSearch(
  { reading, go, place }: Context,
  parameter: 'at' | 'vs',
): (text: string) => Promise<void> {
  const asked = useRef<AbortController>(undefined)
  return async (text) => {
    asked.current?.abort()
    const question = new AbortController()
    asked.current = question
    const { position } = await readPosition(reading, text, question.signal)
    go(withQuery(place, { [parameter]: position }))
  }
}

/** Takes a step at once, or as soon as there are marks to step on. */
function useSteps(
  marks: readonly LogMark[],
  take: (steps: number) => void,
): (steps: number) => void {
  const waiting = useRef(0)
  const isRead = marks.length > 0
  useEffect(() => {
    if (isRead && waiting.current !== 0) take(waiting.current)
    waiting.current = 0
  }, [isRead])
  return (steps) => {
    if (isRead) take(steps)
    else waiting.current += steps
  }
}

const playMs = 400

/** Goes from change to change until there is none any more. */
function usePlaying({ log, at, place, go }: Context, counts: Props['counts']) {
  const [is, set] = useState(false)
  useEffect(() => {
    if (!is) return undefined
    const timer = setTimeout(() => {
      const next = neighbour(log.marks, at?.split('@')[0], { steps: 1, counts })
      go(withQuery(place, { at: next?.position ?? '' }))
      if (next === undefined) set(false)
    }, playMs)
    return () => clearTimeout(timer)
  }, [is, at])
  return { is, turn: () => set(!is) }
}
