import { scoreMax, type TopologyPlugin } from '../framework.ts'
import type { Counting, TopologyCount } from '../placing/counting.ts'
import type { Group } from '../placing/group.ts'
import { type AffinityTerm, isMeant } from '../state/affinity-term.ts'
import type { HeldTerm } from '../state/held-terms.ts'
import type { PodCounter } from '../state/pod-counter.ts'
import type { PodTraits } from '../state/pod-traits.ts'

/** The number of pods in a domain, and the weight of each. */
type Worth = { readonly count: TopologyCount; readonly weight: number }

type Options = {
  /** The weight of existing pods' required affinity to the pods that it selects. */
  readonly hardPodAffinityWeight: number
  /** Whether the preferred terms of existing pods are ignored. */
  readonly ignorePreferredTermsOfExistingPods: boolean
}

/**
 * A pod's required affinity and anti-affinity to other pods must hold, and so must the required anti-affinity of placed
 * pods; preferred terms of either side count by their weight. After kube-scheduler's InterPodAffinity.
 */
export const interPodAffinityWith = (options: Options): TopologyPlugin => ({
  name: 'InterPodAffinity',
  points: ['filter', 'score'],
  judges: 'topology',
  helpedBy: ['PodEnded', 'PodPlaced', 'PodChanged', 'NamespaceChanged'],
  prepare(pod, counting) {
    const against = counting.cluster.termsAgainst(pod)
    const affinity = affinityOf(pod, counting)
    const antiAffinity = pod.antiAffinity.required.map((term) => podsMeant(term, counting))
    const forbidden = against
      .filter(({ effect }) => effect === 'forbids')
      .map(({ term, holders }) => inDomains(holders, term, counting))
    const worths: Worth[] = [
      ...pod.affinity.preferred.map(({ term, weight }) => ({
        count: podsMeant(term, counting),
        weight,
      })),
      ...pod.antiAffinity.preferred.map(({ term, weight }) => ({
        count: podsMeant(term, counting),
        weight: -weight,
      })),
      ...against.flatMap((held) => {
        const weight = weightOf(held, options)
        return weight === 0 ? [] : [{ count: inDomains(held.holders, held.term, counting), weight }]
      }),
    ]
    const isOpen = (counts: readonly TopologyCount[], group: Group) =>
      counts.every((count) => count.of(group) === 0)
    const hasFilter = affinity || antiAffinity.length > 0 || forbidden.length > 0
    if (!hasFilter && worths.length === 0) return undefined
    return {
      filter(group) {
        if (affinity && !affinity(group)) {
          return { lasting: ["node(s) didn't match pod affinity rules"] }
        }
        if (!isOpen(antiAffinity, group)) return "node(s) didn't match pod anti-affinity rules"
        if (!isOpen(forbidden, group)) {
          return "node(s) didn't satisfy existing pods anti-affinity rules"
        }
        return undefined
      },
      ...(worths.length > 0 && { score: (groups) => scoresOf(worths, groups) }),
    }
  },
})

/** With upstream's defaults. */
export const interPodAffinity = interPodAffinityWith({
  hardPodAffinityWeight: 1,
  ignorePreferredTermsOfExistingPods: false,
})

function weightOf({ effect }: HeldTerm, options: Options): number {
  if (effect === 'forbids') return 0
  if (effect === 'attracts') return options.hardPodAffinityWeight
  return options.ignorePreferredTermsOfExistingPods ? 0 : effect
}

/**
 * Whether the pod's required affinity holds: each of the node's domains has a pod that matches all its terms. The first
 * pod of a series that matches its own terms fits wherever the node has these topology labels.
 */
function affinityOf(pod: PodTraits, counting: Counting): ((group: Group) => boolean) | undefined {
  const terms = pod.affinity.required
  if (terms.length === 0) return undefined
  const { cluster } = counting
  const { namespaces } = cluster
  const areMeant = (other: PodTraits) => terms.every((term) => isMeant(term, other, namespaces))
  const ids = terms.map(({ id }) => id)
  const counter = cluster.counter(JSON.stringify(['all', ids]), areMeant, terms[0]?.selector)
  const counts = terms.map((term) => inDomains(counter, term, counting))
  const isOwnKind = areMeant(pod)
  return (group) => {
    if (!counts.every((count) => count.has(group))) return false
    if (counts.every((count) => count.of(group) > 0)) return true
    return isOwnKind && counts.every(({ sums }) => sums.isEmpty)
  }
}

/** The number of pods that match a term, in each of its domains. */
function podsMeant(term: AffinityTerm, counting: Counting): TopologyCount {
  const { namespaces } = counting.cluster
  const { selector, namespaces: names, namespaceSelector } = term
  const name = JSON.stringify(['meant', selector, names, namespaceSelector])
  const counter = counting.cluster.counter(
    name,
    (other) => isMeant(term, other, namespaces),
    selector,
  )
  return inDomains(counter, term, counting)
}

function inDomains(
  counter: PodCounter,
  { topologyKey }: AffinityTerm,
  counting: Counting,
): TopologyCount {
  const keys = [topologyKey]
  return counting.inDomains(counter, topologyKey, counting.eligible(JSON.stringify(keys), { keys }))
}

/** The weighted number of pods, scaled between the lowest (0) and the highest (100) of all feasible nodes. */
function scoresOf(worths: readonly Worth[], groups: readonly Group[]): readonly number[] {
  const raw = groups.map((group) => {
    let sum = 0
    for (const { count, weight } of worths) sum += weight * count.of(group)
    return sum
  })
  const least = raw.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY)
  const best = raw.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY)
  return raw.map((sum) =>
    best === least ? 0 : Math.floor(scoreMax * ((sum - least) / (best - least))),
  )
}
