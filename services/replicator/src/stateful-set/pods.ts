import {
  amountOfPods,
  type ControllerRevision,
  isFinished,
  isTerminating,
  type PersistentVolumeClaim,
  type Pod,
  type StatefulSet,
} from '@reckon/kubernetes'
import type { PodStep } from '../ownership/pod-plan.ts'
import { availableAt } from '../ownership/pod-readiness.ts'
import { templateIn } from '../revisions/revision-template.ts'
import { missingClaims, withClaims } from './claims.ts'
import { ordinalOf, podOf, revisionNameOf, wantedOrdinals } from './identity.ts'

/** A StatefulSet, its pods and revisions. */
export type ObservedSet = {
  set: StatefulSet
  owned: readonly Pod[]
  /** The revision of pods below the partition. */
  current: ControllerRevision
  /** The revision of all others. */
  update: ControllerRevision
  nowMs: number
  claim(name: string): PersistentVolumeClaim | undefined
}

/** An ordinal that should have a pod, with its present pod. */
type Ordinal = { ordinal: number; pod: Pod | undefined }

/** The next pods to create, delete and replace, in upstream's order (stateful_set_control.go). */
export function podSteps(observed: ObservedSet): PodStep[] {
  const { set, owned } = observed
  const byOrdinal = new Map(owned.map((pod) => [ordinalOf(set, pod), pod]))
  const places = wantedOrdinals(set).map((ordinal) => ({ ordinal, pod: byOrdinal.get(ordinal) }))
  const wanted = new Set(places.map(({ pod }) => pod))
  const surplus = owned.filter((pod) => !wanted.has(pod))
  const isOrdered = set.spec.podManagementPolicy !== 'Parallel'
  const filled = filling(observed, places)
  const isFilled = places.every(({ pod }) => pod && isUp(observed, pod))
  if (isOrdered && !isFilled) return filled
  const ended = endings(observed, surplus)
  if (isOrdered && surplus.length > 0) return ended.slice(0, 1)
  if (set.spec.updateStrategy?.type === 'OnDelete') return [...filled, ...ended]
  return [...filled, ...ended, ...replacements(observed, places)]
}

/** Whether a pod is available: ready for long enough, and not being deleted. */
const isUp = ({ set, nowMs }: ObservedSet, pod: Pod): boolean =>
  !isTerminating(pod) &&
  !isFinished(pod.status) &&
  (availableAt(pod, set.spec.minReadySeconds ?? 0) ?? Number.POSITIVE_INFINITY) <= nowMs

/**
 * Creates a pod for each ordinal without one; an ended pod is deleted first. With ordered pod management only the
 * lowest ordinal that is not available is worked on.
 */
function filling(observed: ObservedSet, places: readonly Ordinal[]): PodStep[] {
  const { set } = observed
  const lowest = places.find(({ pod }) => pod === undefined || !isUp(observed, pod))
  const worked = set.spec.podManagementPolicy === 'Parallel' ? places : lowest ? [lowest] : []
  return worked.flatMap(({ ordinal, pod }): PodStep[] => {
    if (pod === undefined) return created(observed, ordinal)
    if (isTerminating(pod)) return []
    if (pod.status?.phase === 'Pending') return claimsMade(observed, ordinal)
    return isFinished(pod.status) ? [{ type: 'DeletePod', pod }] : []
  })
}

/** Attaches claims that a pod that has not started waits for, because they were deleted after it was created. */
const claimsMade = ({ set, claim }: ObservedSet, ordinal: number): PodStep[] =>
  (missingClaims(set, ordinal, claim) ?? []).map((made) => ({ type: 'CreateClaim', claim: made }))

/** Creates the pod with its claims; waits while a claim of an earlier pod is being deleted. */
function created({ set, current, update, claim }: ObservedSet, ordinal: number): PodStep[] {
  const { type, rollingUpdate } = set.spec.updateStrategy ?? {}
  const below = (set.spec.ordinals?.start ?? 0) + (rollingUpdate?.partition ?? 0)
  const revision = type === 'RollingUpdate' && ordinal < below ? current : update
  const template = templateIn(revision) ?? set.spec.template
  const pod = withClaims(set, ordinal, podOf(set, ordinal, { revision, template }))
  const claims = missingClaims(set, ordinal, claim)
  return claims ? [{ type: 'CreatePod', pod, isIdentity: true, claims }] : []
}

/** Deletes pods beyond the wanted ordinals, highest first. */
function endings(observed: ObservedSet, surplus: readonly Pod[]): PodStep[] {
  const { set } = observed
  const highestFirst = [...surplus].sort(
    (a, b) => (ordinalOf(set, b) ?? 0) - (ordinalOf(set, a) ?? 0),
  )
  if (set.spec.podManagementPolicy === 'Parallel') {
    return highestFirst.flatMap((pod) => (isTerminating(pod) ? [] : { type: 'DeletePod', pod }))
  }
  const [highest] = highestFirst
  if (highest === undefined || isTerminating(highest)) return []
  const lowestDown = highestFirst.findLast((pod) => !isUp(observed, pod))
  // No pod is deleted while a lower one is starting, except the last one that is not available.
  if (!isUp(observed, highest) && highest !== lowestDown) return []
  return [{ type: 'DeletePod', pod: highest }]
}

/** Replaces pods of another revision, from the highest ordinal down to the partition, within maxUnavailable. */
function replacements(observed: ObservedSet, places: readonly Ordinal[]): PodStep[] {
  const { set, update } = observed
  const { partition = 0, maxUnavailable = 1 } = set.spec.updateStrategy?.rollingUpdate ?? {}
  const downMax = Math.max(1, amountOfPods(maxUnavailable, places.length, Math.floor))
  let down = places.filter(({ pod }) => !pod || !isUp(observed, pod)).length
  const steps: PodStep[] = []
  for (const { pod } of places.slice(partition).reverse()) {
    if (!pod || isTerminating(pod) || isFinished(pod.status)) continue
    if (revisionNameOf(pod) === update.metadata.name) continue
    if (isUp(observed, pod)) {
      // A lower one that is down anyway may be replaced, though: its new template may be what mends it.
      if (down >= downMax) continue
      down += 1
    }
    steps.push({ type: 'DeletePod', pod })
  }
  return steps
}
