import type { PlacedPod } from '../state/placed-pod.ts'
import { byImportance, priorityOf } from './importance.ts'
import type { Unplaced, Unsuited } from './unplaced.ts'
import { type VictimsCost, victimsCost } from './victims-cost.ts'

/** A node that fits once these pods have left it. */
export type PreemptionCandidate = {
  readonly slot: number
  /** The most important first. */
  readonly victims: readonly PlacedPod[]
  readonly cost: VictimsCost
}

/**
 * The pods of lower priority that must be evicted from a node for the pod: as few as possible. As in kube-scheduler,
 * all are assumed to be gone, then as many as possible are kept: first those that a disruption budget protects, each
 * time the most important first. Returns a rejection where not even the eviction of all would help.
 */
export function victimsAt(slot: number, unplaced: Unplaced): PreemptionCandidate | Unsuited {
  const { cluster, traits } = unplaced
  const lower = cluster.pods.at(slot).filter((pod) => priorityOf(pod) < traits.priority)
  using trial = unplaced.trialAt(slot)
  for (const pod of lower) trial.leave(pod)
  const { rejection } = trial
  if (rejection !== undefined) return rejection
  lower.sort(byImportance)
  const isProtected = cluster.budgets.protecting(lower)
  const victims: PlacedPod[] = []
  const keepWhatFits = (pods: readonly PlacedPod[]) => {
    for (const pod of pods) {
      trial.stay(pod)
      if (trial.rejection === undefined) continue
      trial.leave(pod)
      victims.push(pod)
    }
  }
  keepWhatFits(lower.filter((pod) => isProtected.has(pod)))
  const violations = victims.length
  keepWhatFits(lower.filter((pod) => !isProtected.has(pod)))
  victims.sort(byImportance)
  return { slot, victims, cost: victimsCost(victims, violations) }
}
