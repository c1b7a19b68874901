import {
  isRefusal,
  type KubernetesObject,
  type Reason as RefusalReason,
  type StatusError,
} from '@reckon/kubernetes'

/** The object that a controller could not create. */
export type RefusedCreation = { object: KubernetesObject; refusal: StatusError }

/** Reasons that resolve themselves, or mean that somebody else was first. */
const transient: readonly RefusalReason[] = [
  'AlreadyExists',
  'Conflict',
  'NotFound',
  'ServerTimeout',
  'ServiceUnavailable',
  'Timeout',
  'TooManyRequests',
]

/** The error, if it is a refusal that users should see: something must be changed for the creation to succeed. */
export function permanentRefusal(error: unknown): StatusError | undefined {
  if (!isRefusal(error) || transient.includes(error.reason)) return undefined
  const causes = error.details?.causes ?? []
  return causes.some(({ reason }) => reason === 'NamespaceTerminating') ? undefined : error
}

/** The Event by which upstream's controller of this owner reports a failed creation. Pure. */
export function noteOnRefusal(
  owner: KubernetesObject,
  { object, refusal }: RefusedCreation,
): { reason: string; message: string } {
  const { message } = refusal
  const { name } = object.metadata
  switch (owner.kind) {
    case 'Deployment':
      return { reason: 'ReplicaSetCreateError', message: replicaSetRefused(name, message) }
    case 'CronJob':
      return { reason: 'FailedCreate', message: `Error creating job: ${message}` }
    case 'StatefulSet': {
      const what = `create Pod ${name} in StatefulSet ${owner.metadata.name}`
      return { reason: 'FailedCreate', message: `${what} failed error: ${message}` }
    }
    default:
      return { reason: 'FailedCreate', message: `Error creating: ${message}` }
  }
}

/** A Deployment's message about a ReplicaSet that it could not create. */
export const replicaSetRefused = (name: string, message: string): string =>
  `Failed to create new replica set "${name}": ${message}`
