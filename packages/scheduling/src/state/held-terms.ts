import type { AffinityTerm } from './affinity-term.ts'
import type { PodCounter } from './pod-counter.ts'
import type { PodTraits } from './pod-traits.ts'

/**
 * The effect of a placed pod's term on another pod that it matches: it forbids its domain, attracts to it, or adds a
 * weight to it.
 */
type TermEffect = 'forbids' | 'attracts' | number

/** A term of placed pods, and the number of these pods on each node. */
export type HeldTerm = {
  readonly id: string
  readonly term: AffinityTerm
  readonly effect: TermEffect
  readonly holders: PodCounter
}

/** The terms of such a pod that affect others, once for each meaning. */
export function termsHeldBy({ affinity, antiAffinity }: PodTraits): Omit<HeldTerm, 'holders'>[] {
  const written = [
    ...antiAffinity.required.map((term) => ({ term, effect: 'forbids' as const })),
    ...affinity.required.map((term) => ({ term, effect: 'attracts' as const })),
    ...affinity.preferred.map(({ term, weight }) => ({ term, effect: weight })),
    ...antiAffinity.preferred.map(({ term, weight }) => ({ term, effect: -weight })),
  ]
  // A term that a pod has twice counts twice.
  const times = new Map<string, number>()
  return written.map(({ term, effect }) => {
    const id = `${effect} ${term.id}`
    const time = (times.get(id) ?? 0) + 1
    times.set(id, time)
    return { id: `${id} ${time}`, term, effect }
  })
}
