import {
  isDeepEqual,
  isTerminating,
  labelSelectorOf,
  matchesLabels,
  ownValue,
  type Pod,
  type ReplicaSet,
  type ReplicaSetStatus,
} from '@reckon/kubernetes'
import { claim } from '../ownership/claim.ts'
import { inFreeSlots, type Slots } from '../ownership/in-free-slots.ts'
import { countPods } from '../ownership/pod-counts.ts'
import { podOfTemplate } from '../ownership/pod-of-template.ts'
import type { PodPlanContext } from '../ownership/pod-owner-controller.ts'
import { ownershipSteps, type PodPlan, type PodStep } from '../ownership/pod-plan.ts'
import { isActive } from '../ownership/pod-readiness.ts'
import { deletionOrder } from './deletion-order.ts'
import { withoutFailure } from './failure.ts'

type ReplicaSetContext = Pick<PodPlanContext, 'nowMs' | 'freeSlots' | 'isTaken'>

/** The limit of changes in one reconciliation; the rest follow in the next. */
const burstMax = 5000

/** Plans the next steps so that the pods match the spec. `pods` are those of its namespace. Pure. */
export function plan(
  set: ReplicaSet,
  pods: readonly Pod[],
  { nowMs, ...slots }: ReplicaSetContext,
): PodPlan {
  const { owned, ...moved } = claim(set, pods.filter(isActive), set.spec.selector)
  const missing = (set.spec.replicas ?? 1) - owned.length
  const status = statusStep(set, owned, { nowMs, isWanting: missing > 0 })
  if (isTerminating(set)) return status
  const moves = ownershipSteps(moved)
  if (moves.length > 0) return { steps: moves }
  const steps =
    missing >= 0
      ? created(set, Math.min(missing, burstMax), slots)
      : deletionOrder(owned)
          .slice(0, Math.min(-missing, burstMax))
          .map((pod): PodStep => ({ type: 'DeletePod', pod }))
  return { ...status, steps: [...steps, ...status.steps] }
}

function created(set: ReplicaSet, count: number, slots: Slots): PodStep[] {
  const wanted = Array.from({ length: count }, () => podOfTemplate(set, set.spec.template))
  return inFreeSlots(wanted, slots).map((pod) => ({ type: 'CreatePod', pod }))
}

function statusStep(
  set: ReplicaSet,
  pods: readonly Pod[],
  { nowMs, isWanting }: { nowMs: number; isWanting: boolean },
): PodPlan {
  const { minReadySeconds } = set.spec
  const { nextAvailableAtMs, ...ready } = countPods(pods, { minReadySeconds, nowMs })
  const counts = { fullyLabeledReplicas: countLabeled(set, pods), ...ready }
  const before = set.status?.conditions ?? []
  const conditions = isWanting ? before : withoutFailure(before)
  const status: ReplicaSetStatus = {
    replicas: pods.length,
    ...Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0)),
    observedGeneration: set.metadata.generation ?? 1,
    ...(conditions.length > 0 && { conditions: [...conditions] }),
  }
  return {
    steps: isDeepEqual(set.status, status) ? [] : [{ type: 'SetStatus', status }],
    ...(nextAvailableAtMs !== undefined && { againAtMs: nextAvailableAtMs }),
  }
}

/** How many of its pods have all labels of its template; all of them if the selector requires each label. */
function countLabeled({ spec }: ReplicaSet, pods: readonly Pod[]): number {
  const labels = spec.template?.metadata?.labels ?? {}
  const selected = spec.selector.matchLabels ?? {}
  if (Object.entries(labels).every(([key, value]) => ownValue(selected, key) === value)) {
    return pods.length
  }
  const selector = labelSelectorOf({ matchLabels: labels })
  return pods.filter(({ metadata }) => matchesLabels(selector, metadata.labels)).length
}
