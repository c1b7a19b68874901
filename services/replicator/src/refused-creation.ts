import {
  isRefusal,
  type KubernetesObject,
  type Reason as RefusalReason,
  type StatusError,
} from '@reckon/kubernetes'

/** What a controller was refused to make. */
export type RefusedCreation = { object: KubernetesObject; refusal: StatusError }

/** What passes by itself, or says that somebody else was first. */
const passing: readonly RefusalReason[] = [
  'AlreadyExists',
  'Conflict',
  'NotFound',
  'ServerTimeout',
  'ServiceUnavailable',
  'Timeout',
  'TooManyRequests',
]

/** The error, if it is a refusal worth telling: the owner itself has to change, or something beside it. */
export function tellingRefusal(error: unknown): StatusError | undefined {
  if (!isRefusal(error) || passing.includes(error.reason)) return undefined
  const causes = error.details?.causes ?? []
  return causes.some(({ reason }) => reason === 'NamespaceTerminating') ? undefined : error
}

/** How upstream's controller of such an owner tells as an Event that it could not make an object. Pure. */
export function toldOfRefusal(
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

/** What a Deployment says of a ReplicaSet that it could not make. */
export const replicaSetRefused = (name: string, message: string): string =>
  `Failed to create new replica set "${name}": ${message}`
