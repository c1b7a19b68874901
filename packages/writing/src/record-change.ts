import {
  changedIn,
  isStatusOnly,
  metadataOf,
  type Origin,
  patched,
  type StoredObject,
  withManagers,
  withoutVersion,
} from '@reckon/domain'
import { type Draft, execute, type RecordedEvent } from '@reckon/eventing'
import { createJsonPatch, type KubernetesObject, notFound } from '@reckon/kubernetes'
import { changeDraft, type Outcome, sealedDraft } from './change-draft.ts'
import { ObjectStream } from './object-stream.ts'
import { release } from './phases.ts'
import { checkPreconditions, type Preconditions } from './preconditions.ts'
import type { Target } from './target.ts'
import { destroyKey } from './write-key.ts'
import type { WritePorts } from './write-ports.ts'
import type { DryRun, Written } from './written.ts'

/** An event about an existing object. */
export type Recording<T extends KubernetesObject = KubernetesObject> = {
  target: Target<T>
  /**
   * Decides on the object as known, and possibly again on the object in the log. Deciding again on the result yields no
   * event.
   */
  decide(current: StoredObject<T>): Outcome
  origin: Origin
  preconditions?: Preconditions
}

/**
 * Records one event about an existing object, or none if nothing is left to do. Releases the unique values of a deleted
 * object, and destroys its key.
 */
export const recordChange = <T extends KubernetesObject>(
  ports: WritePorts,
  recording: Recording<T>,
  stream?: ObjectStream,
): Promise<Written> => record(ports, recording, stream)

async function record(
  ports: WritePorts,
  recording: Recording,
  stream = new ObjectStream(ports, recording.target),
): Promise<Written> {
  let before: StoredObject | undefined
  const executed = await execute(ports, stream.name, {
    known: stream.known,
    fold: stream.fold,
    read: stream.read,
    decide: (current) => {
      before = present(recording, current)
      return draftOf(ports, recording, before, stream)
    },
  })
  stream.note(executed)
  const { state: stored, event } = executed
  if (stored) return { stored, ...(event && { event }) }
  if (!before || !event) throw new Error(`${stream.name} ended without an event`)
  return ended(ports, recording, { stream, before, event })
}

/** The result that `recordChange` would have now. */
export async function wouldRecord(ports: WritePorts, recording: Recording): Promise<DryRun> {
  const stream = new ObjectStream(ports, recording.target)
  const newest = await stream.read(stream.known)
  const current = present(recording, newest?.state)
  const { after: wanted, isEnd = false } = recording.decide(current)
  const patch = createJsonPatch(withoutVersion(current.object), withoutVersion(wanted))
  const by = {
    metadata: metadataOf(recording.origin, '', ports.clock.now()),
    isStatusOnly: isStatusOnly(patch),
  }
  const after =
    patch.length === 0
      ? wanted
      : withManagers(recording.target.resource, current.object, wanted, by)
  const { resourceVersion = '' } = current.object.metadata
  return { object: { ...after, metadata: { ...after.metadata, resourceVersion } }, isGone: isEnd }
}

/** The object, if it exists and is the intended one. */
export function present(
  { target, preconditions = {} }: Pick<Recording, 'target' | 'preconditions'>,
  current: StoredObject | undefined,
): StoredObject {
  if (!current) throw notFound(target.resource, target.name)
  checkPreconditions(target, current, preconditions)
  return current
}

function draftOf(
  { clock, ids }: WritePorts,
  { target, decide, origin }: Recording,
  current: StoredObject,
  { name, keys }: ObjectStream,
): Draft | undefined {
  const draft = changeDraft(target.resource, current, decide(current), () => ({
    id: ids.next(),
    nowMs: clock.now(),
    origin,
  }))
  return draft && current.sealed ? sealedDraft(draft, name, current, keys) : draft
}

/** The last state of the object, after everything that was its own is released. */
async function ended(
  ports: WritePorts,
  { target: { resource }, origin }: Recording,
  { stream, before, event }: { stream: ObjectStream; before: StoredObject; event: RecordedEvent },
): Promise<Written> {
  const object = patched(before.object, changedIn(stream.keys.open(event)).patch)
  const { uid = '' } = before.object.metadata
  if (before.sealed) await destroyKey(ports, uid)
  const holder = { stream: stream.name, uid }
  const recordedAt = event.position
  await release(ports, { resource, from: before.object, holder, origin, recordedAt })
  return { stored: { ...before, object }, event }
}
