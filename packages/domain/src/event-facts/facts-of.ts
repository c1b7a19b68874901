import {
  horizontalPodAutoscalers,
  isOf,
  jobs,
  nodes,
  type PodDisruptionBudget,
  podDisruptionBudgets,
  pods,
  type ReplicaSet,
  replicaSets,
} from '@reckon/kubernetes'
import { involved } from '../note.ts'
import { changedIn } from '../object-event.ts'
import type { ObjectChange } from '../views/objects.ts'
import { beforeOf } from './before-of.ts'
import type { Fact } from './fact.ts'
import { jobFacts } from './job-facts.ts'
import { nodeFacts } from './node-facts.ts'
import { ownerOf } from './owner-of.ts'
import { podFacts } from './pod-facts.ts'

/** The Events that upstream's components would emit for a change, in their words. Pure. */
export function factsOf(change: ObjectChange): readonly Fact[] {
  const { object } = change.stored
  if (isOf(pods, object)) return podFacts(change, object)
  if (isOf(nodes, object)) return nodeFacts(change.event.type, object, beforeOf(nodes, change))
  if (isOf(replicaSets, object)) return scalingFacts(object, beforeOf(replicaSets, change))
  if (isOf(podDisruptionBudgets, object)) {
    return budgetFacts(object, beforeOf(podDisruptionBudgets, change))
  }
  if (isOf(horizontalPodAutoscalers, object)) return autoscalingFacts(change)
  return isOf(jobs, object) ? jobFacts(change, object) : []
}

function scalingFacts(set: ReplicaSet, before: ReplicaSet | undefined): readonly Fact[] {
  const [is, was] = [set.spec.replicas ?? 0, before?.spec.replicas ?? 0]
  const deployment = ownerOf(set)
  if (is === was || deployment?.kind !== 'Deployment') return []
  const direction = is > was ? 'up' : 'down'
  return [
    {
      involvedObject: deployment,
      type: 'Normal',
      reason: 'ScalingReplicaSet',
      message: `Scaled ${direction} replica set ${set.metadata.name} from ${was} to ${is}`,
      source: { component: 'deployment-controller' },
    },
  ]
}

/** An autoscaler has scaled its target. */
function autoscalingFacts({ type, stored, event }: ObjectChange): readonly Fact[] {
  const { scaling } = type === 'MODIFIED' ? changedIn(event) : {}
  if (scaling === undefined) return []
  return [
    {
      involvedObject: involved(stored.object),
      type: 'Normal',
      reason: 'SuccessfulRescale',
      message: `New size: ${scaling.to}; reason: ${scaling.reason}`,
      source: { component: 'horizontal-pod-autoscaler' },
    },
  ]
}

/** A budget that selects no pods. */
function budgetFacts(
  budget: PodDisruptionBudget,
  before: PodDisruptionBudget | undefined,
): readonly Fact[] {
  const { status } = budget
  const isNews = status !== undefined && before?.status?.expectedPods !== status.expectedPods
  if (!isNews || status.expectedPods > 0) return []
  const source = { component: 'controllermanager' }
  const message = 'No matching pods found'
  return [{ involvedObject: involved(budget), type: 'Normal', reason: 'NoPods', message, source }]
}
