import type { Deployment, ReplicaSet } from '@reckon/kubernetes'

/** Counts the templates that a Deployment has had; `kubectl rollout history` shows it. */
export const revisionAnnotation = 'deployment.kubernetes.io/revision'
/** The revisions that a ReplicaSet was before, `1,3`. */
export const historyAnnotation = 'deployment.kubernetes.io/revision-history'
/** Upstream keeps 2,000 characters. */
const historyMax = 100
/** How many pods the Deployment wanted when it last scaled the ReplicaSet. */
export const desiredAnnotation = 'deployment.kubernetes.io/desired-replicas'
/** How many pods the Deployment allowed when it last scaled the ReplicaSet. */
export const maxAnnotation = 'deployment.kubernetes.io/max-replicas'

const notInherited = new Set([
  'kubectl.kubernetes.io/last-applied-configuration',
  revisionAnnotation,
  historyAnnotation,
  desiredAnnotation,
  maxAnnotation,
  'deprecated.deployment.rollback.to',
])

/** The Deployment's annotations that its newest ReplicaSet bears too (`kubernetes.io/change-cause` among them). */
export const inheritedAnnotations = ({ metadata }: Deployment): Record<string, string> =>
  Object.fromEntries(
    Object.entries(metadata.annotations ?? {}).filter(([name]) => !notInherited.has(name)),
  )

/** Which of a Deployment's templates an object stands for; 0 where nobody has said. Exact, however high: an int64. */
export function revisionOf({ metadata }: ReplicaSet | Deployment): bigint {
  const text = metadata.annotations?.[revisionAnnotation] ?? ''
  const revision = /^\d{1,19}$/.test(text) ? BigInt(text) : 0n
  return revision < 2n ** 63n ? revision : 0n
}

/** A ReplicaSet's annotations with another revision; the one that it was is kept in its history, as upstream does. */
export function withRevision(replicaSet: ReplicaSet, revision: bigint): Record<string, string> {
  const known = replicaSet.metadata.annotations ?? {}
  const annotations = { ...known, [revisionAnnotation]: `${revision}` }
  const before = revisionOf(replicaSet)
  if (before === 0n || before === revision) return annotations
  const history = known[historyAnnotation]?.split(',') ?? []
  const kept = [...history, `${before}`].slice(-historyMax)
  return { ...annotations, [historyAnnotation]: kept.join(',') }
}

/** The number in an annotation; undefined where it is missing. */
export function numberIn({ metadata }: ReplicaSet, annotation: string): number | undefined {
  const text = metadata.annotations?.[annotation]
  return text === undefined || !/^\d+$/.test(text) ? undefined : Number(text)
}
