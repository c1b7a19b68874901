import {
  type ControllerRevision,
  isRefusal,
  type KubernetesObject,
  type OwnerReference,
  type PersistentVolumeClaim,
  type Pod,
} from '@reckon/kubernetes'
import { eachStep } from '../each-step.ts'
import type { Writer } from '../writer.ts'
import { adopt, release } from './change-controller.ts'
import type { Claim } from './claim.ts'

/** The next step of a controller that owns pods. */
export type PodStep =
  | { type: 'Adopt'; object: KubernetesObject }
  | { type: 'Release'; object: KubernetesObject }
  | CreatePod
  | { type: 'CreateClaim'; claim: PersistentVolumeClaim }
  | { type: 'DeletePod'; pod: Pod }
  /** Before the pod is deleted, makes it the owner of the claims that go with it. */
  | { type: 'SetClaimOwners'; claim: PersistentVolumeClaim; references: readonly OwnerReference[] }
  | { type: 'CreateRevision'; revision: ControllerRevision }
  | { type: 'NumberRevision'; revision: ControllerRevision; number: number }
  | { type: 'DeleteRevision'; revision: ControllerRevision }
  | { type: 'SetStatus'; status: object }
  | { type: 'DeleteOwner' }

type CreatePod = {
  type: 'CreatePod'
  pod: Pod
  /**
   * Its name is derived from the owner and a slot that is never used twice; an identity (a StatefulSet's ordinal) is
   * reused.
   */
  isIdentity?: true
  /** Claims that the pod needs and that do not exist yet: they are created first, or the pod is not created either. */
  claims?: readonly PersistentVolumeClaim[]
}

export type PodPlan = { steps: readonly PodStep[]; againAtMs?: number }

/** Adopts and releases dependents. */
export const ownershipSteps = ({
  adopted,
  released,
}: Pick<Claim<KubernetesObject>, 'adopted' | 'released'>): PodStep[] => [
  ...adopted.map((object): PodStep => ({ type: 'Adopt', object })),
  ...released.map((object): PodStep => ({ type: 'Release', object })),
]

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
