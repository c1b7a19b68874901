import {
  type ControllerRevision,
  controllerRevisions,
  type KubernetesObject,
  type LabelSelector,
  namesOf,
  objectKey,
  type Pod,
  pods,
  type Resource,
} from '@reckon/kubernetes'
import { type Controller, planFor } from '../controller.ts'
import { candidatesOf, keysOfOwners } from './candidates.ts'
import type { PodEnds } from './pod-endings.ts'
import { carryOutSteps, type PodPlan } from './pod-steps.ts'

/** What a plan may look at beside an owner and its pods. */
export type PodPlanContext = {
  nowMs: number
  /** How many pods were ever created for this owner: the next slot. */
  podsEverCreated: number
  /** How those that ended did. */
  podEnds: PodEnds
  /** Whether there is a pod of this name. */
  isTaken(name: string): boolean
  /** Its own and those that it may adopt, of an owner whose templates are kept. */
  revisions: readonly ControllerRevision[]
}

type PodOwner = KubernetesObject & { spec: { selector?: LabelSelector } }

/** The shape of every controller whose objects own pods: one pure plan of an owner and its candidates. */
export function podOwnerController<T extends PodOwner>({
  name,
  owners,
  plan,
}: {
  name: string
  owners: Resource<T>
  plan(owner: T, candidates: readonly Pod[], context: PodPlanContext): PodPlan
}): Controller {
  return {
    name,

    keysOf(change, objects) {
      const { type, resource, stored } = change
      if (resource === pods || resource === controllerRevisions)
        return keysOfOwners(change, owners, objects)
      if (resource !== owners || type === 'DELETED') return []
      return [objectKey(stored.object.metadata)]
    },

    allKeys: (objects) => objects.list(owners).map(({ object }) => objectKey(object.metadata)),

    async reconcile(key, { objects, podsEverCreated, nowMs, writerFor }) {
      const [namespace, ownerName] = namesOf(key)
      const stored = objects.get(owners, namespace, ownerName)
      if (stored === undefined) return undefined
      const owner = stored.object
      const writer = writerFor(stored)
      const planned = planFor(owner, () => {
        const { uid = '' } = owner.metadata
        const { selector = {} } = owner.spec
        const candidates = <D extends KubernetesObject>(resource: Resource<D>) =>
          candidatesOf(owner, { resource, selector }, objects)
        return plan(owner, candidates(pods), {
          nowMs,
          podsEverCreated: podsEverCreated.of(uid),
          podEnds: podsEverCreated.endsOf(uid),
          revisions: candidates(controllerRevisions),
          isTaken: (podName) => objects.get(pods, namespace, podName) !== undefined,
        })
      })
      await carryOutSteps(planned, owner, writer)
      return planned.againAtMs
    },
  }
}
