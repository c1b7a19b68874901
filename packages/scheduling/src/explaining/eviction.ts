import { changedIn, contentIn, type Preemptor } from '@reckon/domain'
import { isJsonObject } from '@reckon/kubernetes'
import type { RecordedEvent } from '../replaying/recorded-decision.ts'

/** An eviction of a pod, and its reason: a taint, a drain, or a preemption. */
export type Eviction = {
  /** RFC 3339. */
  time: string
  reason: string
  message: string
  /** Who evicted it. */
  actor?: string
  /** The pod for which it was preempted. */
  preemptor?: Preemptor
}

/** The eviction that an event records, if it does; the reason is in the condition that came with it. */
export function evictionIn(event: RecordedEvent): Eviction[] {
  if (event.type !== 'PodEvicted' && event.type !== 'PodPreempted') return []
  const { patch = [], object } = contentIn(event)
  const condition = conditionWithin(object?.status ?? patch)
  const { metadata } = event
  const { preemptor } = changedIn(event)
  return [
    {
      time: metadata?.time ?? '',
      reason: textOf(condition?.reason),
      message: textOf(condition?.message),
      ...(metadata && { actor: metadata.actor.user }),
      ...(preemptor && { preemptor }),
    },
  ]
}

/** The condition `DisruptionTarget`, wherever it is in the change. */
function conditionWithin(value: unknown): Record<string, unknown> | undefined {
  if (Array.isArray(value)) {
    for (const each of value) {
      const found = conditionWithin(each)
      if (found) return found
    }
    return undefined
  }
  if (!isJsonObject(value)) return undefined
  return value.type === 'DisruptionTarget' ? value : conditionWithin(Object.values(value))
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')
