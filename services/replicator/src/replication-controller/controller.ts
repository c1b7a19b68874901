import {
  type LabelSelector,
  type ReplicaSet,
  type ReplicationController,
  replicationControllers,
} from '@reckon/kubernetes'
import { podOwnerController } from '../ownership/pod-owner-controller.ts'
import { withFailure } from '../replica-set/failure.ts'
import { plan } from '../replica-set/plan.ts'

/** ReplicationControllers: the predecessor of ReplicaSets, with the same plan. */
export const replicationControllerController = podOwnerController({
  name: 'replication-controller',
  owners: replicationControllers,
  selectorOf,
  plan: (controller, candidates, context) => plan(asReplicaSet(controller), candidates, context),
  ignoresOrder: true,
  statusWhenRefused: ({ status }, refusal, nowMs) => withFailure(status, refusal, nowMs),
})

function selectorOf({ spec }: ReplicationController): LabelSelector {
  return { matchLabels: spec.selector ?? {} }
}

/** Converts the selector to the form that ReplicaSets have. */
function asReplicaSet(controller: ReplicationController): ReplicaSet {
  return { ...controller, spec: { ...controller.spec, selector: selectorOf(controller) } }
}
