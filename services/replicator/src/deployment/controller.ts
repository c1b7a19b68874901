import {
  conflict,
  controllerOf,
  type Deployment,
  deployments,
  isDeepEqual,
  isFinished,
  isOf,
  namesOf,
  objectKey,
  pods,
  type ReplicaSet,
  replicaSets,
  resourceOf,
} from '@reckon/kubernetes'
import { type Context, type Controller, planFor } from '../controller.ts'
import { byName, candidatesOf, keysOfOwners } from '../ownership/candidates.ts'
import { adopt, release } from '../ownership/change-controller.ts'
import { claim } from '../ownership/claim.ts'
import { isControlledBy } from '../ownership/controller-reference.ts'
import { permanentRefusal } from '../refused-creation.ts'
import type { Writer } from '../writer.ts'
import { revisionAnnotation } from './annotations.ts'
import { plan, type Step } from './plan.ts'
import { rolloutOf } from './rollout.ts'
import { notCreated } from './status.ts'

/** Deployments: one ReplicaSet for each template, scaled step by step. */
export const deploymentController: Controller = {
  name: 'deployment-controller',

  keysOf(change, objects) {
    const { type, resource, stored } = change
    const { object } = stored
    const namespace = object.metadata.namespace ?? ''
    switch (resource) {
      case deployments:
        return type === 'DELETED' ? [] : [objectKey(object.metadata)]
      case replicaSets:
        return keysOfOwners(change, deployments, objects)
      case pods: {
        // A Recreate waits until the last old pod is gone.
        if (type !== 'DELETED') return []
        const set = objects.get(replicaSets, namespace, controllerOf(object)?.name ?? '')
        const owner = set && controllerOf(set.object)
        return owner?.kind === 'Deployment' ? [objectKey({ namespace, name: owner.name })] : []
      }
      default:
        return []
    }
  },

  allKeys: (objects) => objects.list(deployments).map(({ object }) => objectKey(object.metadata)),

  async reconcile(key, context) {
    const [namespace, name] = namesOf(key)
    const stored = context.objects.get(deployments, namespace, name)
    if (stored === undefined) return undefined
    const writer = context.writerFor(stored)
    const deployment = stored.object
    const { owned, adopted, released } = planFor(deployment, () => {
      const { selector } = deployment.spec
      const asked = { resource: replicaSets, selector }
      const candidates = candidatesOf(deployment, asked, context.objects)
      return claim(deployment, byName(candidates), selector)
    })
    for (const set of adopted) await adopt(set, deployment, writer)
    for (const set of released) await release(set, deployment, writer)
    if (adopted.length > 0 || released.length > 0) return undefined
    const { steps, againAtMs } = planFor(deployment, () =>
      plan(deployment, owned, {
        nowMs: context.nowMs,
        isTaken: (setName) => {
          const set = context.objects.get(replicaSets, namespace, setName)
          return set !== undefined && !isControlledBy(set.object, deployment)
        },
        oldPodsRunning: oldPodsRunning(deployment, owned, context),
      }),
    )
    try {
      for (const step of steps) await carryOut(step, deployment, writer)
    } catch (error) {
      const creation = steps.find((step) => step.type === 'CreateReplicaSet')
      const refusal = permanentRefusal(error)
      if (creation && refusal) {
        const of = { name: creation.replicaSet.metadata.name, message: refusal.message }
        const status = notCreated(deployment, of, context.nowMs)
        if (!isDeepEqual(deployment.status, status)) await writer.changeStatus(deployment, status)
      }
      throw error
    }
    return againAtMs
  },
}

async function carryOut(step: Step, deployment: Deployment, writer: Writer): Promise<void> {
  switch (step.type) {
    case 'CreateReplicaSet':
      return writer.create(step.replicaSet)
    case 'UpdateReplicaSet': {
      const { metadata, spec } = step.wanted
      const planned = step.replicaSet.metadata
      return writer.change(step.replicaSet, (current) => {
        // The step is valid only for the size it was planned with: an overlapping replicator may
        // have scaled the ReplicaSet.
        if (current.metadata.generation !== planned.generation) {
          throw conflict(resourceOf(current), planned.name)
        }
        const annotations = metadata.annotations ?? {}
        return { ...current, metadata: { ...current.metadata, annotations }, spec }
      })
    }
    case 'DeleteReplicaSet':
      return writer.delete(step.replicaSet)
    case 'SetRevision':
      return writer.change(deployment, (current) => {
        const { annotations } = current.metadata
        const revision = { [revisionAnnotation]: String(step.revision) }
        return {
          ...current,
          metadata: { ...current.metadata, annotations: { ...annotations, ...revision } },
        }
      })
    case 'SetStatus':
      return writer.changeStatus(deployment, step.status)
  }
}

function oldPodsRunning(
  deployment: Deployment,
  owned: readonly ReplicaSet[],
  { objects }: Context,
): number {
  if (deployment.spec.strategy?.type !== 'Recreate') return 0
  const current = rolloutOf(deployment, owned).current?.metadata.uid
  return owned
    .filter(({ metadata }) => metadata.uid !== current)
    .flatMap(({ metadata }) => objects.ownedBy(metadata.uid ?? ''))
    .filter(({ object }) => isOf(pods, object) && !isFinished(object.status)).length
}
