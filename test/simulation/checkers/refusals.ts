import type { RecordedEvent } from '@reckon/eventing'
import { Violation } from '../violation.ts'
import type { World } from '../world.ts'
import type { Checker } from './checker.ts'

/** Reservations, claims and keys may remain of a refused write: they are repaired later. */
const isOfObject = ({ stream }: RecordedEvent): boolean =>
  !/^(clusterips|nodeports|podcidrs|quotas|keys)-/.test(stream)

/** A write that was definitely refused to a client was not done, and never will be. */
export function refusals({ history }: World): Checker {
  const refused = new Set<string>()
  const check = (event: RecordedEvent): void => {
    const { $correlationId = '' } = event.metadata ?? {}
    if (!refused.has($correlationId) || !isOfObject(event)) return
    // A controller cleans up after the request.
    if (event.metadata?.actor.user.startsWith('system:')) return
    throw new Violation('what was refused is not recorded', `${event.type} in ${event.stream}`)
  }
  return {
    onHeard({ what, wanted: { isPartial }, answer: { code, auditId } }) {
      if (code === 500) throw new Violation('what goes wrong inside is no answer', what)
      if (code < 400 || code === 504 || isPartial) return
      refused.add(auditId)
      for (const event of history.events) check(event)
    },
    onRecorded: ({ event }) => check(event),
  }
}
