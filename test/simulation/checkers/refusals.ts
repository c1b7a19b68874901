import type { RecordedEvent } from '@reckon/eventing'
import { isRefusal } from '@reckon/kubernetes'
import { Violation } from '../violation.ts'
import type { World } from '../world.ts'
import type { Checker } from './checker.ts'

/** Reservations may be left behind by a write that was refused: they are repaired later. */
const isOfObject = ({ stream }: RecordedEvent): boolean => !/^(clusterips|nodeports)-/.test(stream)

/** What a client was told is surely not done, is not done, and never will be. */
export function refusals({ history }: World): Checker {
  const refused = new Set<string>()
  const check = (event: RecordedEvent): void => {
    const { $correlationId = '' } = event.metadata ?? {}
    if (!refused.has($correlationId) || !isOfObject(event)) return
    throw new Violation('what was refused is not recorded', `${event.type} in ${event.stream}`)
  }
  return {
    onRefused({ correlationId, error }) {
      if (!isRefusal(error) || isRefusal(error, 'Timeout')) return
      refused.add(correlationId)
      for (const event of history.events) check(event)
    },
    onRecorded: ({ event }) => check(event),
  }
}
