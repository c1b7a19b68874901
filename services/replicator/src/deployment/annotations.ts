import type { Deployment, ReplicaSet } from '@reckon/kubernetes'

/** The number of the Deployment's template; `kubectl rollout history` shows it. */
export const revisionAnnotation = 'deployment.kubernetes.io/revision'
/** The revisions that a ReplicaSet had before, as `1,3`. */
export const historyAnnotation = 'deployment.kubernetes.io/revision-history'
/** Upstream keeps 2,000 characters. */
const historyMax = 100
/** The Deployment's replicas when it last scaled the ReplicaSet. */
export const desiredAnnotation = 'deployment.kubernetes.io/desired-replicas'
/** The most pods that the Deployment allowed when it last scaled the ReplicaSet. */
export const maxAnnotation = 'deployment.kubernetes.io/max-replicas'

const notInherited = new Set([
  'kubectl.kubernetes.io/last-applied-configuration',
  revisionAnnotation,
  historyAnnotation,
  desiredAnnotation,
  maxAnnotation,
  'deprecated.deployment.rollback.to',
])

/** The Deployment's annotations that are copied to its newest ReplicaSet (`kubernetes.io/change-cause` among them). */
export const inheritedAnnotations = ({ metadata }: Deployment): Record<string, string> =>
  Object.fromEntries(
    Object.entries(metadata.annotations ?? {}).filter(([name]) => !notInherited.has(name)),
  )

/** The revision of an object; 0 where it has none. A bigint, because it is an int64. */
export function revisionOf({ metadata }: ReplicaSet | Deployment): bigint {
  const text = metadata.annotations?.[revisionAnnotation] ?? ''
  const revision = /^\d{1,19}$/.test(text) ? BigInt(text) : 0n
  return revision < 2n ** 63n ? revision : 0n
}

/** A ReplicaSet's annotations with a new revision; the previous one is added to its history, as upstream does. */
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
