import type { PostFilterPlugin, Preemption } from '../framework.ts'
import { bestCandidate } from '../preempting/best-candidate.ts'
import { priorityOf } from '../preempting/importance.ts'
import { KnownCandidates } from '../preempting/known-candidates.ts'
import type { Unplaced } from '../preempting/unplaced.ts'
import type { PreemptionCandidate } from '../preempting/victims.ts'
import { stableHash } from '../state/stable-hash.ts'

/**
 * How many nodes are tried before the best is taken: this number or this share of the candidates, whichever is larger.
 */
type Candidates = {
  readonly minCandidateNodesPercentage: number
  readonly minCandidateNodesAbsolute: number
}

/**
 * Nominates a node for a pod that fits none, and chooses pods of lower priority to be evicted from it. After
 * kube-scheduler's DefaultPreemption, which begins at a random node; here the first node is derived from the pod's uid.
 */
export const defaultPreemptionWith = (wanted: Candidates): PostFilterPlugin => ({
  name: 'DefaultPreemption',
  points: ['postFilter'],
  judges: 'unplaced',
  preempt(unplaced) {
    const obstacle = obstacleOf(unplaced)
    if (obstacle !== undefined) return { refusal: obstacle, keepsNomination: true }
    const { cluster, likes } = unplaced
    const { version } = cluster.loadChanges
    const earlier = hopeless.get(likes)
    if (earlier?.version === version) return refused(earlier.message)
    const { candidates, reasons } = candidatesFor(unplaced, wanted)
    const best = bestCandidate(candidates)
    if (best === undefined) {
      const message = messageOf(reasons, cluster.nodeCount)
      hopeless.set(likes, { version, message })
      return refused(message)
    }
    const { slot, victims, cost } = best
    const { violations } = cost
    return {
      nomination: {
        nodeName: cluster.slots.nameOf(slot),
        victims: victims.map(({ namespace, name, uid }) => ({ namespace, name, uid })),
        ...(violations > 0 && { violations }),
      },
    }
  },
})

/** With upstream's defaults. */
export const defaultPreemption = defaultPreemptionWith({
  minCandidateNodesPercentage: 10,
  minCandidateNodesAbsolute: 100,
})

/** The cached results for equal pods. */
const known = new WeakMap<object, KnownCandidates>()

function knownFor({ likes, looksAround }: Unplaced): KnownCandidates {
  if (looksAround) return new KnownCandidates()
  const candidates = known.get(likes) ?? new KnownCandidates()
  known.set(likes, candidates)
  return candidates
}

/** The last result for pods that no eviction helps: valid until something on some node changes. */
const hopeless = new WeakMap<object, { version: number; message: string }>()

const refused = (refusal: string): Preemption => ({ refusal, keepsNomination: false })

/** Why the pod may not preempt others. */
function obstacleOf({ uid, traits, cluster, rejectionAt }: Unplaced): string | undefined {
  if (!traits.mayPreempt) return 'not eligible due to preemptionPolicy=Never.'
  const slot = cluster.nominations.slotOf(uid)
  if (slot === undefined || rejectionAt(slot)?.isLasting !== false) return undefined
  const isMakingRoom = cluster.pods
    .at(slot)
    .some((pod) => pod.equal.traits.isTerminating && priorityOf(pod) < traits.priority)
  return isMakingRoom ? 'not eligible due to a terminating pod on the nominated node.' : undefined
}

type Found = { candidates: readonly PreemptionCandidate[]; reasons: Map<string, number> }

/**
 * The first nodes that fit after evictions, and the reasons why the others do not, with the number of nodes of each.
 */
function candidatesFor(unplaced: Unplaced, wanted: Candidates): Found {
  const { uid, traits, cluster, resolvableCount } = unplaced
  const { order, count } = cluster.slots
  const max = candidatesMax(resolvableCount, wanted)
  const { counts: lower } = cluster.podsBelow(traits.priority)
  const candidates: PreemptionCandidate[] = []
  const reasons = new Map<string, number>()
  const onNodes = knownFor(unplaced)
  let untried = resolvableCount
  let isProtected = true
  const start = count === 0 ? 0 : stableHash(uid) % count
  for (let step = 0; step < count && lower.size > 0; step += 1) {
    // Among them must be one whose victims no disruption budget protects.
    if (candidates.length >= max && !isProtected) break
    const slot = order[(start + step) % count] ?? 0
    if (!lower.has(slot) || unplaced.rejectionAt(slot)?.isLasting !== false) continue
    untried -= 1
    const found = onNodes.at(slot, unplaced)
    if ('victims' in found) {
      candidates.push(found)
      isProtected &&= found.cost.violations > 0
    } else for (const reason of found.reasons) reasons.set(reason, (reasons.get(reason) ?? 0) + 1)
  }
  if (untried > 0) reasons.set('No preemption victims found for incoming pod', untried)
  const lasting = cluster.nodeCount - resolvableCount
  if (lasting > 0) reasons.set('Preemption is not helpful for scheduling', lasting)
  return { candidates, reasons }
}

function candidatesMax(nodeCount: number, wanted: Candidates): number {
  const part = Math.floor((nodeCount * wanted.minCandidateNodesPercentage) / 100)
  return Math.min(Math.max(part, wanted.minCandidateNodesAbsolute), nodeCount)
}

function messageOf(reasons: ReadonlyMap<string, number>, nodeCount: number): string {
  const lines = [...reasons].map(([reason, count]) => `${count} ${reason}`).sort()
  return `0/${nodeCount} nodes are available: ${lines.join(', ')}.`
}
