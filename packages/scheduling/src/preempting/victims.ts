import type { PlacedPod } from '../state/placed-pod.ts'
import { byImportance, priorityOf } from './importance.ts'
import type { Unplaced, Unsuited } from './unplaced.ts'
import { type VictimsCost, victimsCost } from './victims-cost.ts'

/** A node that suits once these pods have left it. */
export type PreemptionCandidate = {
  readonly slot: number
  /** The most important first. */
  readonly victims: readonly PlacedPod[]
  readonly cost: VictimsCost
}

/**
 * Who has to leave a node for the pod: of those with a lower priority as few as can be, in the order in which
 * kube-scheduler lets them stay: first those that a disruption budget protects, the most important first. A rejection
 * where not even all of them leaving would help.
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
