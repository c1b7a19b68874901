import type { KubernetesObject, Pod } from '@reckon/kubernetes'
import { eachStep } from '../each-step.ts'
import type { Writer } from '../writer.ts'
import { adopt, release } from './change-controller.ts'

/** What the controller of an owner of pods does next. */
export type PodStep =
  | { type: 'AdoptPod'; pod: Pod }
  | { type: 'ReleasePod'; pod: Pod }
  | { type: 'CreatePod'; pod: Pod }
  | { type: 'DeletePod'; pod: Pod }
  | { type: 'SetStatus'; status: object }
  | { type: 'DeleteOwner' }

export type PodPlan = { steps: readonly PodStep[]; againAtMs?: number }

/** Carries out a plan: pods first, the status once they are written. */
export async function carryOutSteps(
  { steps }: PodPlan,
  owner: KubernetesObject,
  writer: Writer,
): Promise<void> {
  const carryOut = (step: PodStep) => carryOutStep(step, owner, writer)
  // One slot after the other: a replicator that overlaps with this one takes the count of pods for the next slot, and so
  // must never see a slot without those before it.
  for (const step of steps) if (step.type === 'CreatePod') await carryOut(step)
  const isOwners = ({ type }: PodStep) => type === 'SetStatus' || type === 'DeleteOwner'
  await eachStep(
    steps.filter((step) => step.type !== 'CreatePod' && !isOwners(step)),
    carryOut,
  )
  for (const step of steps) if (isOwners(step)) await carryOut(step)
}

function carryOutStep(step: PodStep, owner: KubernetesObject, writer: Writer): Promise<void> {
  switch (step.type) {
    case 'AdoptPod':
      return adopt(step.pod, owner, writer)
    case 'ReleasePod':
      return release(step.pod, owner, writer)
    case 'CreatePod':
      // Its name follows from the owner and a slot, and no slot is used twice.
      return writer.create(step.pod, { isNameForOnce: true })
    case 'DeletePod':
      return writer.delete(step.pod)
    case 'SetStatus':
      return writer.changeStatus(owner, step.status)
    case 'DeleteOwner':
      return writer.delete(owner, { propagationPolicy: 'Foreground' })
  }
}
