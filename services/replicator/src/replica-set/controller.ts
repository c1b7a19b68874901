import type { Objects } from '@reckon/domain'
import {
  controllerOf,
  labelSelectorOf,
  namesOf,
  type OwnerReference,
  objectKey,
  type Pod,
  pods,
  type ReplicaSet,
  replicaSets,
} from '@reckon/kubernetes'
import { type Controller, planFor } from '../controller.ts'
import { eachStep } from '../each-step.ts'
import type { Writer } from '../writer.ts'
import { ownerReferenceTo, plan, type Step } from './plan.ts'

/** ReplicaSets: as many pods of a template as are wanted. */
export const replicaSetController: Controller = {
  name: 'replicaset-controller',

  keysOf({ type, resource, stored, before }, objects) {
    const { object } = stored
    const namespace = object.metadata.namespace ?? ''
    if (resource === replicaSets) return type === 'DELETED' ? [] : [objectKey(object.metadata)]
    if (resource !== pods) return []
    const owners = [controllerOf(object), before && controllerOf(before.object)]
    const owning = owners.filter((owner) => owner?.kind === 'ReplicaSet')
    if (owning.length > 0)
      return owning.map((owner) => objectKey({ namespace, name: owner?.name ?? '' }))
    if (controllerOf(object) || type === 'DELETED') return []
    // An orphan: whichever selects it may adopt it.
    return objects.selecting(replicaSets, object).map((set) => objectKey(set.object.metadata))
  },

  allKeys: (objects) => objects.list(replicaSets).map(({ object }) => objectKey(object.metadata)),

  async reconcile(key, { objects, podsEverCreated, nowMs, writerFor }) {
    const [namespace, name] = namesOf(key)
    const stored = objects.get(replicaSets, namespace, name)
    if (stored === undefined) return undefined
    const set = stored.object
    const writer = writerFor(stored)
    const { steps, againAtMs } = planFor(set, () =>
      plan(set, candidatesOf(set, objects), {
        nowMs,
        podsEverCreated: podsEverCreated.of(set.metadata.uid ?? ''),
        isTaken: (podName) => objects.get(pods, namespace, podName) !== undefined,
      }),
    )
    // One slot after the other: a replicator that overlaps with this one takes the count of pods for the next slot, and
    // so must never see a slot without those before it.
    for (const step of steps) if (step.type === 'CreatePod') await carryOut(step, set, writer)
    const others = steps.filter(({ type }) => type !== 'SetStatus' && type !== 'CreatePod')
    await eachStep(others, (step) => carryOut(step, set, writer))
    for (const step of steps) if (step.type === 'SetStatus') await carryOut(step, set, writer)
    return againAtMs
  },
}

/** The pods that are the set's, and those that it may adopt. */
function candidatesOf({ metadata, spec }: ReplicaSet, objects: Objects): Pod[] {
  const owned = objects.ownedBy(metadata.uid ?? '').filter(({ object }) => object.kind === 'Pod')
  const labels = labelSelectorOf(spec.selector)
  const selected = objects.scan(pods, { namespace: metadata.namespace, labels })
  const candidates = [...new Set([...owned, ...selected])].map(({ object }) => object as Pod)
  return candidates.sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1))
}

async function carryOut(step: Step, set: ReplicaSet, writer: Writer): Promise<void> {
  switch (step.type) {
    case 'AdoptPod':
      return changeOwners(step.pod, writer, (owners) => [...owners, ownerReferenceTo(set)])
    case 'ReleasePod':
      return changeOwners(step.pod, writer, (owners) =>
        owners.filter(({ uid }) => uid !== set.metadata.uid),
      )
    case 'CreatePod':
      // Its name follows from the set and a slot, and no slot is used twice.
      return writer.create(step.pod, { isNameForOnce: true })
    case 'DeletePod':
      return writer.delete(step.pod)
    case 'SetStatus':
      return writer.changeStatus(set, step.status)
  }
}

const changeOwners = (
  pod: Pod,
  writer: Writer,
  change: (owners: readonly OwnerReference[]) => OwnerReference[],
): Promise<void> =>
  writer.change(pod, (current) => {
    const ownerReferences = change(current.metadata.ownerReferences ?? [])
    return { ...current, metadata: { ...current.metadata, ownerReferences } }
  })
