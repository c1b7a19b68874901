import { Timestamp } from '../components/timestamp.ts'
import { useAnswer } from '../components/use-answer.ts'
import { useChanges } from '../components/use-changes.ts'
import type { Context } from '../context.ts'
import { html } from '../html.ts'
import type { AnyObject } from '../model/object.ts'

type KubernetesEvent = {
  metadata: { uid: string }
  type?: string
  reason?: string
  message?: string
  count?: number
  lastTimestamp?: string
  eventTime?: string
}

/** What was noticed about an object, as `kubectl describe` has it, for ever. */
export function ObjectEvents({ context, object }: { context: Context; object: AnyObject }) {
  const { reading, base, at, words } = context
  const { namespace = 'default', uid = '' } = object.metadata ?? {}
  const selector = encodeURIComponent(`involvedObject.uid=${uid}`)
  const key = `events ${uid} ${at ?? ''}`
  const tick = useChanges(context, () => true, key)
  const { value } = useAnswer(
    (signal) =>
      reading.json<{ items: KubernetesEvent[] }>(
        `${base}api/v1/namespaces/${namespace}/events?fieldSelector=${selector}`,
        { signal },
      ),
    key,
    tick,
  )
  const timeOf = ({ lastTimestamp, eventTime }: KubernetesEvent) => lastTimestamp ?? eventTime ?? ''
  const events = (value?.items ?? []).toSorted(
    (a, b) => Date.parse(timeOf(b)) - Date.parse(timeOf(a)),
  )
  if (events.length === 0) return null
  return html`<section class="card"><h2>${words.events} <span class="count">${events.length}</span></h2>
    <ul class="noticed">${events.map(
      (event) => html`<li key=${event.metadata.uid}>
        <span class=${event.type === 'Warning' ? 'state bad' : 'state'}>${event.reason}</span>
        <span>${event.message} ${(event.count ?? 1) > 1 && html`<span class="faint">× ${event.count}</span>`}</span>
        <${Timestamp} context=${context} time=${timeOf(event)} withAge />
      </li>`,
    )}</ul>
  </section>`
}
