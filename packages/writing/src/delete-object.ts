import { type Origin, reservablesOf, rulesOf, type StoredObject, streamOf } from '@reckon/domain'
import { forbidden, type KubernetesObject, type Resource, secondsOf } from '@reckon/kubernetes'
import { type Outcome, type Preconditions, recordChange, type Target } from './record-change.ts'
import { giveBack } from './reserve.ts'
import type { WritePorts } from './write-ports.ts'

export type DeleteOptions = Preconditions & {
  gracePeriodSeconds?: number
  /** What becomes of the objects that it owns; Kubernetes' default is Background. */
  propagationPolicy?: 'Background' | 'Foreground' | 'Orphan'
  dryRun?: boolean
}

const finalizerOf = { Background: undefined, Foreground: 'foregroundDeletion', Orphan: 'orphan' }

/**
 * Deletes an object, at once or in two steps: a bound pod waits for its agent, finalizers for who set them, a namespace
 * until it is empty. Answers the object as it was last; `metadata.deletionTimestamp` tells that it is still there.
 */
export async function deleteObject(
  ports: WritePorts,
  target: Target,
  options: DeleteOptions,
  origin: Origin,
): Promise<StoredObject> {
  const decide = ({ object }: StoredObject): Outcome => {
    const reason = rulesOf(target.resource).undeletable?.(object)
    if (reason !== undefined) throw forbidden(target.resource, target.name, reason)
    return deletionOf(target.resource, object, options, ports.clock.now())
  }
  const deleted = await recordChange(ports, target, decide, origin, options)
  const { object } = deleted
  const isGone = decide(deleted).isEnd === true && !options.dryRun
  const reservables = isGone ? reservablesOf(target.resource, object) : []
  const stream = streamOf(target.resource, target.namespace, target.name)
  await giveBack(ports, reservables, { stream, uid: object.metadata.uid ?? '' }, origin)
  return deleted
}

/** What asking for deletion makes of an object. Pure. */
export function deletionOf(
  resource: Resource,
  object: KubernetesObject,
  { gracePeriodSeconds, propagationPolicy = 'Background' }: DeleteOptions,
  nowMs: number,
): Outcome {
  const finalizers = object.metadata.finalizers ?? []
  const added = finalizerOf[propagationPolicy]
  const remaining = added && !finalizers.includes(added) ? [...finalizers, added] : finalizers
  const terminating = rulesOf(resource).terminating?.(object, {
    nowMs,
    ...(gracePeriodSeconds !== undefined && { gracePeriodSeconds }),
  })
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
