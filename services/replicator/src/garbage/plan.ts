import {
  isOf,
  isTerminating,
  type KubernetesObject,
  type OwnerReference,
  pods,
} from '@reckon/kubernetes'
import { foregroundFinalizer, isHeldBy, isInCycle } from './ownership-cycle.ts'

/** The garbage collector's next step for one object. */
export type Step =
  | { type: 'Delete'; object: KubernetesObject; propagationPolicy: 'Background' | 'Foreground' }
  /** For a pod whose node is gone: nobody is left to end it gracefully. */
  | { type: 'DeleteAtOnce'; object: KubernetesObject }
  | { type: 'RemoveOwners'; object: KubernetesObject; uids: readonly string[] }
  | { type: 'RemoveFinalizer'; object: KubernetesObject; finalizer: string }

export type Plan = { steps: readonly Step[]; againAtMs?: number }

const orphanFinalizer = 'orphan'

/** An owner as the view has it. */
export type Owner = {
  reference: OwnerReference
  /** Undefined: there is no object with this uid any more. */
  object?: KubernetesObject
  /** False where nobody can say whether it exists: its kind is not served, or has namespaces and the dependent none. */
  isKnown: boolean
}

type GarbageContext = {
  ownersOf(object: KubernetesObject): readonly Owner[]
  dependentsOf(owner: KubernetesObject): readonly KubernetesObject[]
  /** For a pod whose node is missing: for how long. */
  nodeGoneForMs?: number | undefined
  nowMs: number
}

/**
 * A node may register after a pod that names it, or again after its deletion. Upstream's podgc waits as long before it
 * gives up such a pod.
 */
const quarantineMs = 40_000

/**
 * The next step for an object whose owners are gone, or which is being deleted and owns others. Upstream's
 * garbagecollector.go. Pure.
 */
export function plan(object: KubernetesObject, context: GarbageContext): Plan {
  const { ownersOf, dependentsOf, nodeGoneForMs, nowMs } = context
  const finalizers = object.metadata.finalizers ?? []
  if (isTerminating(object) && finalizers.includes(orphanFinalizer)) {
    return { steps: orphaned(object, dependentsOf(object)) }
  }
  if (isTerminating(object) && finalizers.includes(foregroundFinalizer)) {
    return { steps: foreground(object, context) }
  }
  const steps = isTerminating(object) ? [] : abandoned(object, ownersOf(object))
  if (steps.length > 0 || nodeGoneForMs === undefined) return { steps }
  const restMs = quarantineMs - nodeGoneForMs
  if (restMs > 0) return { steps: [], againAtMs: nowMs + restMs }
  return { steps: [{ type: 'DeleteAtOnce', object }] }
}

/** Orphans its dependents. */
function orphaned(object: KubernetesObject, dependents: readonly KubernetesObject[]): Step[] {
  const uids = [object.metadata.uid ?? '']
  return [
    ...dependents.map((dependent): Step => ({ type: 'RemoveOwners', object: dependent, uids })),
    { type: 'RemoveFinalizer', object, finalizer: orphanFinalizer },
  ]
}

/**
 * Deletes its dependents first; those that another owner keeps forget this one. It goes once no dependent blocks it any
 * more, or all of them wait for each other.
 */
function foreground(
  object: KubernetesObject,
  { ownersOf, dependentsOf }: Pick<GarbageContext, 'ownersOf' | 'dependentsOf'>,
): Step[] {
  const { uid = '' } = object.metadata
  const dependents = dependentsOf(object)
  const holds = (dependent: KubernetesObject) => isHeldBy(object, dependent)
  const isKept = (dependent: KubernetesObject) =>
    ownersOf(dependent).some((owner) => owner.reference.uid !== uid && keeps(owner))
  const steps = dependents
    .filter((dependent) => !isTerminating(dependent))
    .map((dependent): Step => {
      if (isKept(dependent)) return { type: 'RemoveOwners', object: dependent, uids: [uid] }
      const propagationPolicy = holds(dependent) ? 'Foreground' : 'Background'
      return { type: 'Delete', object: dependent, propagationPolicy }
    })
  const mustWait = dependents.some(holds) && (steps.length > 0 || !isInCycle(object, dependentsOf))
  if (mustWait) return steps
  return [...steps, { type: 'RemoveFinalizer', object, finalizer: foregroundFinalizer }]
}

/** Whether an owner keeps its dependents: it is there, or may be, and does not wait for them to go. */
const keeps = ({ object, isKnown }: Owner): boolean =>
  !isKnown ||
  (object !== undefined &&
    !(isTerminating(object) && object.metadata.finalizers?.includes(foregroundFinalizer)))

/**
 * An object whose owners are all gone is deleted; as long as one is left, only the references to the others are
 * removed.
 */
function abandoned(object: KubernetesObject, owners: readonly Owner[]): Step[] {
  const gone = owners.filter((owner) => owner.isKnown && owner.object === undefined)
  if (gone.length === 0) return []
  if (gone.length === owners.length) {
    return [{ type: 'Delete', object, propagationPolicy: 'Background' }]
  }
  const uids = gone.map(({ reference }) => reference.uid)
  return [{ type: 'RemoveOwners', object, uids }]
}

/** Whether the pod names a node. */
export const nodeNameOf = (object: KubernetesObject): string | undefined =>
  isOf(pods, object) ? object.spec.nodeName || undefined : undefined
