import { isRefusal, type KubernetesObject, type Pod } from '@reckon/kubernetes'
import { eachStep } from '../each-step.ts'
import type { Writer } from '../writer.ts'
import { adopt, release } from './change-controller.ts'
import type { CreatePod, PodPlan, PodStep } from './pod-plan.ts'

/** The size of the first batch: if one pod is refused, most others would be, too. */
const triedFirst = 16
/**
 * The size of later batches: enough that the store always has appends to commit together while answers are on their
 * way.
 */
const podsAtOnce = 128
/** The largest batch: with more, what the first pods cause (placing and starting) would wait at the same store. */
const creationsAtOnce = 256

type StepContext = {
  writer: Writer
  /** Called with each name that turns out to be taken. */
  onRefused(pod: Pod): void
  /**
   * Whether the plan is still wanted; checked between batches, so that thousands of pods are not created or deleted in
   * vain.
   */
  isStillWanted(): boolean
}

/** Carries out a plan: the pods with what they need, then the status, which is written even if pods were refused. */
export async function carryOutSteps(
  { steps }: PodPlan,
  owner: KubernetesObject,
  { writer, onRefused, isStillWanted }: StepContext,
): Promise<void> {
  const carryOut = (step: PodStep) => carryOutStep(step, owner, writer)
  const create = async (step: CreatePod) => {
    if (!isStillWanted()) return
    for (const claim of step.claims ?? []) await writer.create(claim)
    try {
      await carryOut(step)
    } catch (error) {
      if (isRefusal(error, 'AlreadyExists') && !step.isIdentity) onRefused(step.pod)
      throw error
    }
  }
  const creations = steps.filter((step) => step.type === 'CreatePod')
  try {
    await eachStep(creations.slice(0, triedFirst), create)
    await eachStep(creations.slice(triedFirst), create, creationsAtOnce)
  } catch (error) {
    if (isRefusal(error)) {
      for (const step of steps) if (step.type === 'SetStatus') await carryOut(step)
    }
    throw error
  }
  await eachStep(
    steps.filter(({ type }) => type === 'SetClaimOwners'),
    carryOut,
  )
  await eachStep(
    steps.filter((step) => !isOwners(step) && !isBefore(step)),
    async (step) => {
      if (step.type !== 'DeletePod' || isStillWanted()) await carryOut(step)
    },
    podsAtOnce,
  )
  for (const step of steps) if (isOwners(step)) await carryOut(step)
}

const isOwners = ({ type }: PodStep): boolean => type === 'SetStatus' || type === 'DeleteOwner'
const isBefore = ({ type }: PodStep): boolean => type === 'CreatePod' || type === 'SetClaimOwners'

function carryOutStep(step: PodStep, owner: KubernetesObject, writer: Writer): Promise<void> {
  switch (step.type) {
    case 'Adopt':
      return adopt(step.object, owner, writer)
    case 'Release':
      return release(step.object, owner, writer)
    case 'CreatePod':
      return writer.create(step.pod, { isNameForOnce: !step.isIdentity })
    case 'CreateClaim':
      return writer.create(step.claim)
    case 'SetClaimOwners':
      return writer.change(
        step.claim,
        ({ metadata: { ownerReferences: _, ...metadata }, ...rest }) => {
          const ownerReferences = [...step.references]
          const owners = ownerReferences.length > 0 ? { ownerReferences } : {}
          return { ...rest, metadata: { ...metadata, ...owners } }
        },
      )
    case 'CreateRevision':
      return writer.create(step.revision)
    case 'NumberRevision':
      return writer.change(step.revision, (current) => ({ ...current, revision: step.number }))
    case 'DeleteRevision':
      return writer.delete(step.revision)
    case 'DeletePod':
      return writer.delete(step.pod)
    case 'SetStatus':
      return writer.changeStatus(owner, step.status)
    case 'DeleteOwner':
      return writer.delete(owner, { propagationPolicy: 'Foreground' })
  }
}
