import { changedIn, type ObjectChanged, sealedOf } from '@reckon/domain'
import { Violation } from '../violation.ts'
import type { Checker } from './checker.ts'

const rule = 'every event says something'

/** Every event changes something. */
export const meaning = (): Checker => ({
  onRecorded({ event, change }) {
    const { type, stream, data, metadata } = event
    if (change?.type !== 'MODIFIED') return
    const { patch, boot } = data as Partial<ObjectChanged>
    // A new start of a node's agent is news, even if its Node stays equal.
    if (type === 'NodeRegistered' && boot && boot.id !== change.before?.boot?.id) return
    // Another round of preemption is news because of its victims.
    if (type === 'PodSchedulingFailed' && changedIn(event).decision?.nomination) return
    // The key of a deleted Secret is gone, and with it the content of its events.
    if (sealedOf({ data })) return
    if (patch === undefined) throw new Violation(rule, `${type} in ${stream}, which is there`)
    if (patch.length > 0) return
    // A late claim of a reserved value is refused by an event in its holder's stream.
    if (metadata?.actor.user === 'system:controller:reservation-repair') return
    throw new Violation(rule, `${type} in ${stream} changes nothing`)
  },
})
