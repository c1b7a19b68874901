import type { ObjectChange, Objects } from '@reckon/domain'
import {
  type ControllerRevision,
  controllerRevisions,
  isDeepEqual,
  isOf,
  type KubernetesObject,
  type LabelSelector,
  type Node,
  namesOf,
  nodes,
  objectKey,
  type PersistentVolumeClaim,
  type Pod,
  persistentVolumeClaims,
  pods,
  type Resource,
  type StatusError,
} from '@reckon/kubernetes'
import { type Context, type Controller, planFor } from '../controller.ts'
import { permanentRefusal } from '../refused-creation.ts'
import { byName, candidatesOf, keysOfOwners } from './candidates.ts'
import type { Slots } from './in-free-slots.ts'
import type { PodEnds } from './pod-endings.ts'
import type { PodPlan } from './pod-plan.ts'
import { carryOutSteps } from './pod-steps.ts'

/** What a plan may look at besides the owner and its pods. */
export type PodPlanContext = Slots & {
  nowMs: number
  /** How earlier pods ended. */
  podEnds: PodEnds
  /** ControllerRevisions that it owns or may adopt. */
  revisions(): readonly ControllerRevision[]
  nodes(): readonly Node[]
  /** Finds a claim in the owner's namespace. */
  claim(name: string): PersistentVolumeClaim | undefined
}

/** Describes a controller whose objects own pods: one pure plan of an owner and its candidates. */
export function podOwnerController<T extends KubernetesObject>({
  name,
  owners,
  selectorOf,
  plan,
  statusWhenRefused,
  ignoresOrder = false,
  concernsAll = () => false,
  concerns = () => false,
}: {
  name: string
  owners: Resource<T>
  selectorOf(owner: T): LabelSelector | undefined
  /**
   * `candidates` are sorted by name unless `ignoresOrder`: sorting thousands costs more than the rest of a
   * reconciliation.
   */
  plan(owner: T, candidates: readonly Pod[], context: PodPlanContext): PodPlan
  ignoresOrder?: boolean
  /** The owner's status when a pod is refused, where its status can express that. */
  statusWhenRefused?(owner: T, refusal: StatusError, nowMs: number): object
  /** Whether a change of another object concerns every owner. */
  concernsAll?(change: ObjectChange): boolean
  /** Whether a changed claim of its namespace concerns an owner. */
  concerns?(owner: T, claim: PersistentVolumeClaim): boolean
}): Controller {
  const allKeys = (objects: Objects) =>
    objects.list(owners).map(({ object }) => objectKey(object.metadata))
  return {
    name,
    allKeys,

    keysOf(change, objects) {
      const { type, resource, stored } = change
      if (resource === pods || resource === controllerRevisions)
        return keysOfOwners(change, owners, objects)
      if (isOf(persistentVolumeClaims, stored.object)) {
        const claim = stored.object
        return objects
          .list(owners, claim.metadata.namespace)
          .flatMap(({ object }) => (concerns(object, claim) ? [objectKey(object.metadata)] : []))
      }
      if (concernsAll(change)) return allKeys(objects)
      if (resource !== owners || type === 'DELETED') return []
      return [objectKey(stored.object.metadata)]
    },

    async reconcile(key, context) {
      const { objects, podsEverCreated, nowMs, writerFor, unusable, lookedAt } = context
      const [namespace, ownerName] = namesOf(key)
      const stored = objects.get(owners, namespace, ownerName)
      if (stored === undefined) return undefined
      const owner = stored.object
      const writer = writerFor(stored)
      const planned = planFor(owner, () => {
        const { uid = '' } = owner.metadata
        const selector = selectorOf(owner) ?? {}
        const candidates = <D extends KubernetesObject>(resource: Resource<D>) =>
          candidatesOf(owner, { resource, selector }, objects)
        const own = candidates(pods)
        lookedAt(own.length)
        return plan(owner, ignoresOrder ? own : byName(own), {
          nowMs,
          freeSlots: (place) => podsEverCreated.freeSlots(uid, place),
          podEnds: podsEverCreated.endsOf(uid),
          revisions: () => byName(candidates(controllerRevisions)),
          nodes: () => objects.list(nodes).map(({ object }) => object),
          claim: (claim) => objects.get(persistentVolumeClaims, namespace, claim)?.object,
          isTaken: (podName) =>
            objects.get(pods, namespace, podName) !== undefined ||
            unusable.has(objectKey({ namespace, name: podName })),
        })
      })
      const refused: Pod[] = []
      const isStillWanted = () => isSame(objects.get(owners, namespace, ownerName)?.object, owner)
      const onRefused = (pod: Pod) => refused.push(pod)
      try {
        await carryOutSteps(planned, owner, { writer, onRefused, isStillWanted })
      } catch (error) {
        const refusal = permanentRefusal(error)
        const counted = statusIn(planned) ?? owner.status
        const status = refusal && statusWhenRefused?.({ ...owner, status: counted }, refusal, nowMs)
        if (status && !isDeepEqual(counted, status)) await writer.changeStatus(owner, status)
        throw error
      } finally {
        if (refused.length > 0) await setAside(refused, context)
      }
      return planned.againAtMs
    },
  }
}

/** The status that a plan sets, if it sets one. */
const statusIn = ({ steps }: PodPlan): object | undefined =>
  steps.flatMap((step) => (step.type === 'SetStatus' ? [step.status] : []))[0]

/** Whether the owner's spec is still the one that the plan was made for. */
const isSame = (now: KubernetesObject | undefined, { metadata }: KubernetesObject): boolean =>
  now?.metadata.uid === metadata.uid && now?.metadata.generation === metadata.generation

/**
 * If a name is refused although no pod of this owner and place ever had it, another owner's pod had it, and its slot is
 * skipped. This is known for sure once the view has reached the head of the log.
 */
async function setAside(refused: readonly Pod[], context: Context): Promise<void> {
  const { podsEverCreated, unusable, waitForHead } = context
  if (!(await waitForHead())) return
  for (const pod of refused) {
    if (!podsEverCreated.wasCreated(pod)) unusable.add(objectKey(pod.metadata))
  }
}
