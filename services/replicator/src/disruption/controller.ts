import type { ObjectChange, Objects } from '@reckon/domain'
import {
  controllerOf,
  isDeepEqual,
  isOf,
  isReady,
  isTerminating,
  type KubernetesObject,
  labelSelectorOf,
  messageOf,
  namesOf,
  objectKey,
  type Pod,
  type PodDisruptionBudget,
  podDisruptionBudgets,
  pods,
} from '@reckon/kubernetes'
import { type Controller, planFor } from '../controller.ts'
import { budgetStatus, failedStatus, type Scale } from './plan.ts'

/** PodDisruptionBudgets: computes how many of their pods may be evicted now. */
export const disruptionController: Controller = {
  name: 'disruption-controller',

  keysOf(change, objects) {
    const { object } = change.stored
    if (isOf(podDisruptionBudgets, object)) {
      return change.type === 'DELETED' ? [] : [objectKey(object.metadata)]
    }
    if (isOf(pods, object)) return budgetsOf(change, object, objects)
    return isScaled(change) ? keysIn(objects, object.metadata.namespace) : []
  },

  allKeys: (objects) => keysIn(objects),

  async reconcile(key, { objects, nowMs, writerFor }) {
    const [namespace, name] = namesOf(key)
    const stored = objects.get(podDisruptionBudgets, namespace, name)
    if (stored === undefined) return undefined
    const labels = labelSelectorOf(stored.object.spec.selector)
    const selected = Array.from(objects.scan(pods, { namespace, labels }), ({ object }) => object)
    const planned = planFor(stored.object, () => statusOf(stored.object, selected, objects, nowMs))
    if (!isDeepEqual(planned.status, stored.object.status)) {
      // What evictions have deducted from the budget meanwhile stays deducted.
      await writerFor(stored).changeStatus(stored.object, (current) =>
        isOf(podDisruptionBudgets, current)
          ? statusOf(current, selected, objects, nowMs).status
          : current.status,
      )
    }
    return planned.againAtMs
  },
}

function statusOf(
  budget: PodDisruptionBudget,
  selected: readonly Pod[],
  objects: Objects,
  nowMs: number,
): ReturnType<typeof budgetStatus> {
  try {
    return budgetStatus(budget, selected, { scaleOf: (pod) => scaleOf(pod, objects), nowMs })
  } catch (error) {
    if (!(error instanceof NotScalable)) throw error
    return { status: failedStatus(budget, messageOf(error), nowMs) }
  }
}

/** The error for a pod whose controller does not declare a number of replicas. */
class NotScalable extends Error {}

/** The replicas of the pod's controller, or of that controller's own controller. */
function scaleOf(pod: Pod, objects: Objects): Scale | undefined {
  const controller = controllerOf(pod)
  if (controller === undefined) return undefined
  const scale = scaleAbove(pod, objects)
  if (scale !== undefined) return scale
  const kind = `${controller.kind.toLowerCase()}s`
  throw new NotScalable(`${kind} "${controller.name}" does not implement the scale subresource`)
}

function scaleAbove(object: KubernetesObject, objects: Objects): Scale | undefined {
  const reference = controllerOf(object)
  const resource = reference && objects.resources.ofKind(reference.apiVersion, reference.kind)
  if (reference === undefined || resource?.replicas === undefined) return undefined
  const owner = objects.get(resource, object.metadata.namespace ?? '', reference.name)?.object
  if (owner === undefined || owner.metadata.uid !== reference.uid) return undefined
  const own = { uid: reference.uid, replicas: resource.replicas(owner).wanted }
  return scaleAbove(owner, objects) ?? own
}

const keysIn = (objects: Objects, namespace?: string): string[] =>
  objects.list(podDisruptionBudgets, namespace).map(({ object }) => objectKey(object.metadata))

/** Whether the wanted number of pods has changed. */
const isScaled = ({ resource, stored, before }: ObjectChange): boolean =>
  resource.replicas !== undefined &&
  before !== undefined &&
  resource.replicas(stored.object).wanted !== resource.replicas(before.object).wanted

/** The budgets that select the pod, or did before the change, if the change matters to them. */
function budgetsOf({ type, before }: ObjectChange, pod: Pod, objects: Objects): readonly string[] {
  const earlier = before && isOf(pods, before.object) ? before.object : undefined
  if (type === 'MODIFIED' && earlier && isDeepEqual(marks(pod), marks(earlier))) return []
  const concerned = [pod, ...(earlier ? [earlier] : [])].flatMap((each) =>
    objects.selecting(podDisruptionBudgets, each),
  )
  return [...new Set(concerned.map(({ object }) => objectKey(object.metadata)))]
}

const marks = (pod: Pod) => [
  pod.metadata.labels,
  pod.metadata.ownerReferences,
  isReady(pod.status),
  isTerminating(pod),
]
