import { isDeepEqual, isTerminating, type Pod, type StatefulSet } from '@reckon/kubernetes'
import { claim } from '../ownership/claim.ts'
import type { PodPlanContext } from '../ownership/pod-owner-controller.ts'
import { ownershipSteps, type PodPlan, type PodStep } from '../ownership/pod-plan.ts'
import { excessRevisions, historyOf } from '../revisions/history.ts'
import { retentionSteps } from './claims.ts'
import { ordinalOf, revisionNameOf, wantedOrdinals } from './identity.ts'
import { type ObservedSet, podSteps } from './pods.ts'
import { statefulSetStatus } from './status.ts'

const hashLabel = 'controller.kubernetes.io/hash'

/** Plans the next steps so that each ordinal has its pod, of the right revision. Pure. */
export function plan(
  set: StatefulSet,
  candidates: readonly Pod[],
  {
    nowMs,
    revisions: recorded,
    claim: findClaim = () => undefined,
  }: Pick<PodPlanContext, 'nowMs' | 'revisions'> & Partial<Pick<PodPlanContext, 'claim'>>,
): PodPlan {
  const members = candidates.filter((pod) => ordinalOf(set, pod) !== undefined)
  const { owned, ...moved } = claim(set, members, set.spec.selector)
  const { update, revisions, steps } = historyOf(set, recorded(), { hashLabel })
  const first = [...ownershipSteps(moved), ...steps]
  if (first.length > 0 || update === undefined) return { steps: first }
  const { currentRevision } = set.status ?? {}
  const current = revisions.find(({ metadata }) => metadata.name === currentRevision) ?? update
  const observed: ObservedSet = { set, owned, current, update, nowMs, claim: findClaim }
  const wanted = new Set(wantedOrdinals(set))
  const isSurplus = (pod: Pod) => !wanted.has(ordinalOf(set, pod) ?? -1)
  const { status, nextAvailableAtMs } = statefulSetStatus(observed)
  const used = new Set([current, update].map(({ metadata }) => metadata.name))
  for (const pod of owned) used.add(revisionNameOf(pod) ?? '')
  const next: PodStep[] = isTerminating(set)
    ? []
    : [
        ...retentionSteps(set, { owned, isSurplus }, findClaim),
        ...podSteps(observed),
        ...excessRevisions(set, revisions, ({ metadata }) => used.has(metadata.name)),
      ]
  return {
    steps: [
      ...next,
      ...(isDeepEqual(set.status, status) ? [] : [{ type: 'SetStatus' as const, status }]),
    ],
    ...(nextAvailableAtMs !== undefined && { againAtMs: nextAvailableAtMs }),
  }
}
