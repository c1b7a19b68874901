import type { AffinityTerm } from './affinity-term.ts'
import type { PodCounter } from './pod-counter.ts'
import type { PodTraits } from './pod-traits.ts'

/**
 * What a term of a placed pod means for another pod that it matches: keep away, be near, or a weight for its domain.
 */
type TermEffect = 'forbids' | 'attracts' | number

/** A term that placed pods hold, and how many of them stand where. */
export type HeldTerm = {
  readonly id: string
  readonly term: AffinityTerm
  readonly effect: TermEffect
  readonly holders: PodCounter
}

/** The terms that such a pod holds against others, once for each meaning. */
export function termsHeldBy({ affinity, antiAffinity }: PodTraits): Omit<HeldTerm, 'holders'>[] {
  const written = [
    ...antiAffinity.required.map((term) => ({ term, effect: 'forbids' as const })),
    ...affinity.required.map((term) => ({ term, effect: 'attracts' as const })),
    ...affinity.preferred.map(({ term, weight }) => ({ term, effect: weight })),
    ...antiAffinity.preferred.map(({ term, weight }) => ({ term, effect: -weight })),
  ]
  // A term that a pod holds twice counts twice.
  const times = new Map<string, number>()
  return written.map(({ term, effect }) => {
    const id = `${effect} ${term.id}`
    const time = (times.get(id) ?? 0) + 1
    times.set(id, time)
    return { id: `${id} ${time}`, term, effect }
  })
}
