import { type Origin, rulesOf } from '@reckon/domain'
import { forbidden, type KubernetesObject, type Resource, secondsOf } from '@reckon/kubernetes'
import type { Outcome } from './change-draft.ts'
import type { Preconditions } from './preconditions.ts'
import { type Recording, recordChange, wouldRecord } from './record-change.ts'
import type { Target } from './target.ts'
import type { WritePorts } from './write-ports.ts'
import type { DryRun, Written } from './written.ts'

/** Options of a deletion. */
type DeletionOptions = {
  gracePeriodSeconds?: number | undefined
  /** What happens to owned objects; Kubernetes' default is Background. */
  propagationPolicy?: 'Background' | 'Foreground' | 'Orphan'
}

export type Deletion = DeletionOptions & {
  target: Target
  origin: Origin
  preconditions?: Preconditions
}

const finalizerOf = { Background: undefined, Foreground: 'foregroundDeletion', Orphan: 'orphan' }

/**
 * Deletes an object, at once or in two steps: a bound pod waits for its agent, finalizers for their owners, a namespace
 * until it is empty.
 */
export const deleteObject = (ports: WritePorts, deletion: Deletion): Promise<Written> =>
  recordChange(ports, recordingOf(ports, deletion))

/** The result that `deleteObject` would have now. */
export const wouldDelete = (ports: WritePorts, deletion: Deletion): Promise<DryRun> =>
  wouldRecord(ports, recordingOf(ports, deletion))

const recordingOf = ({ clock }: WritePorts, deletion: Deletion): Recording => ({
  ...deletion,
  decide: ({ object }) => {
    const { resource, name } = deletion.target
    const reason = rulesOf(resource).undeletable?.(object)
    if (reason !== undefined) throw forbidden(resource, name, reason)
    return deletionOf(resource, object, deletion, clock.now())
  },
})

/** The outcome of a request to delete an object. Pure. */
export function deletionOf(
  resource: Resource,
  object: KubernetesObject,
  { gracePeriodSeconds, propagationPolicy = 'Background' }: DeletionOptions,
  nowMs: number,
): Outcome {
  const finalizers = object.metadata.finalizers ?? []
  const added = finalizerOf[propagationPolicy]
  const remaining = added && !finalizers.includes(added) ? [...finalizers, added] : finalizers
  const terminating = rulesOf(resource).terminating?.(object, { nowMs, gracePeriodSeconds })
  const marked = terminating ?? {
    ...object,
    metadata: {
      ...object.metadata,
      deletionTimestamp: object.metadata.deletionTimestamp ?? secondsOf(nowMs),
      deletionGracePeriodSeconds: 0,
    },
  }
  if (!terminating && remaining.length === 0) return { after: marked, isEnd: true }
  const metadata = { ...marked.metadata, ...(remaining.length > 0 && { finalizers: remaining }) }
  return { after: { ...marked, metadata } }
}
