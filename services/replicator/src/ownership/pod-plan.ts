import type {
  ControllerRevision,
  KubernetesObject,
  OwnerReference,
  PersistentVolumeClaim,
  Pod,
} from '@reckon/kubernetes'
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

export type CreatePod = {
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
