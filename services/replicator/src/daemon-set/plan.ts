import { type DaemonSet, isDeepEqual, isTerminating, type Pod } from '@reckon/kubernetes'
import { claim } from '../ownership/claim.ts'
import { inFreeSlots } from '../ownership/in-free-slots.ts'
import type { PodPlanContext } from '../ownership/pod-owner-controller.ts'
import { ownershipSteps, type PodPlan, type PodStep } from '../ownership/pod-plan.ts'
import { excessRevisions, historyOf } from '../revisions/history.ts'
import { daemonPod, hashLabel, hashOf, podsByNode } from './daemon-pods.ts'
import { placed, updated } from './placing.ts'
import { daemonSetStatus } from './status.ts'

/** The limit of changes in one reconciliation; the rest follow in the next. */
const burstMax = 500

type DaemonSetContext = Pick<
  PodPlanContext,
  'nowMs' | 'revisions' | 'nodes' | 'freeSlots' | 'isTaken'
>

/** Plans the next steps so that every node that fits has its pod, of the present template. Pure. */
export function plan(
  set: DaemonSet,
  candidates: readonly Pod[],
  context: DaemonSetContext,
): PodPlan {
  const { owned, ...moved } = claim(set, candidates, set.spec.selector)
  const { update, revisions, steps } = historyOf(set, context.revisions(), { hashLabel })
  const first = [...ownershipSteps(moved), ...steps]
  if (first.length > 0 || update === undefined) return { steps: first }
  const { nowMs } = context
  const nodes = podsByNode(set, owned, context.nodes())
  const observed = { set, nodes, update, nowMs }
  const changes = isTerminating(set) ? [] : [placed(observed), updated(observed)]
  const names = [...new Set(changes.flatMap((each) => each.create))].slice(0, burstMax)
  const gone = [...new Set(changes.flatMap((each) => each.delete))].slice(0, burstMax)
  const pods = inFreeSlots(
    names.map((name) => daemonPod(set, name, update)),
    context,
  )
  const isUsed = (hash: string) =>
    owned.some(({ metadata }) => metadata.labels?.[hashLabel] === hash)
  const { status, nextAvailableAtMs } = daemonSetStatus(set, nodes, { update, nowMs })
  const moments = [nextAvailableAtMs, ...changes.map(({ againAtMs }) => againAtMs)].filter(
    (moment) => moment !== undefined,
  )
  return {
    steps: [
      ...pods.map((pod): PodStep => ({ type: 'CreatePod', pod })),
      ...gone.map((pod): PodStep => ({ type: 'DeletePod', pod })),
      ...excessRevisions(set, revisions, (each) => each === update || isUsed(hashOf(each))),
      ...(isDeepEqual(set.status, status) ? [] : [{ type: 'SetStatus' as const, status }]),
    ],
    ...(moments.length > 0 && { againAtMs: Math.min(...moments) }),
  }
}
