import { namesOf, objectKey, pods, type ReplicaSet, replicaSets } from '@reckon/kubernetes'
import { type Controller, planFor } from '../controller.ts'
import { eachStep } from '../each-step.ts'
import { candidatesOf, keysOfOwners } from '../ownership/candidates.ts'
import { adopt, release } from '../ownership/change-controller.ts'
import type { Writer } from '../writer.ts'
import { plan, type Step } from './plan.ts'

/** ReplicaSets: as many pods of a template as are wanted. */
export const replicaSetController: Controller = {
  name: 'replicaset-controller',

  keysOf(change, objects) {
    const { type, resource, stored } = change
    if (resource === pods) return keysOfOwners(change, replicaSets, objects)
    if (resource !== replicaSets || type === 'DELETED') return []
    return [objectKey(stored.object.metadata)]
  },

  allKeys: (objects) => objects.list(replicaSets).map(({ object }) => objectKey(object.metadata)),

  async reconcile(key, { objects, podsEverCreated, nowMs, writerFor }) {
    const [namespace, name] = namesOf(key)
    const stored = objects.get(replicaSets, namespace, name)
    if (stored === undefined) return undefined
    const set = stored.object
    const writer = writerFor(stored)
    const { steps, againAtMs } = planFor(set, () =>
      plan(set, candidatesOf(set, { resource: pods, selector: set.spec.selector }, objects), {
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

async function carryOut(step: Step, set: ReplicaSet, writer: Writer): Promise<void> {
  switch (step.type) {
    case 'AdoptPod':
      return adopt(step.pod, set, writer)
    case 'ReleasePod':
      return release(step.pod, set, writer)
    case 'CreatePod':
      // Its name follows from the set and a slot, and no slot is used twice.
      return writer.create(step.pod, { isNameForOnce: true })
    case 'DeletePod':
      return writer.delete(step.pod)
    case 'SetStatus':
      return writer.changeStatus(set, step.status)
  }
}
