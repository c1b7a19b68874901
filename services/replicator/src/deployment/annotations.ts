import type { Deployment, ReplicaSet } from '@reckon/kubernetes'

/** Counts the templates that a Deployment has had; `kubectl rollout history` shows it. */
export const revisionAnnotation = 'deployment.kubernetes.io/revision'
/** How many pods the Deployment wanted when it last scaled the ReplicaSet. */
export const desiredAnnotation = 'deployment.kubernetes.io/desired-replicas'
/** How many pods the Deployment allowed when it last scaled the ReplicaSet. */
export const maxAnnotation = 'deployment.kubernetes.io/max-replicas'

const notInherited = new Set([
  'kubectl.kubernetes.io/last-applied-configuration',
  revisionAnnotation,
  'deployment.kubernetes.io/revision-history',
  desiredAnnotation,
  maxAnnotation,
  'deprecated.deployment.rollback.to',
])

/** The Deployment's annotations that its newest ReplicaSet bears too (`kubernetes.io/change-cause` among them). */
export const inheritedAnnotations = ({ metadata }: Deployment): Record<string, string> =>
  Object.fromEntries(
    Object.entries(metadata.annotations ?? {}).filter(([name]) => !notInherited.has(name)),
  )

/** Which of a Deployment's templates an object stands for; 0 where nobody has said. */
export function revisionOf({ metadata }: ReplicaSet | Deployment): number {
  const revision = Number(metadata.annotations?.[revisionAnnotation] ?? 0)
  return Number.isSafeInteger(revision) ? revision : 0
}

/** The number in an annotation; undefined where it is missing. */
export function numberIn({ metadata }: ReplicaSet, annotation: string): number | undefined {
  const text = metadata.annotations?.[annotation]
  return text === undefined || !/^\d+$/.test(text) ? undefined : Number(text)
}
