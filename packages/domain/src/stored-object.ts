import type { Cause, RecordedEvent } from '@reckon/eventing'
import {
  applyJsonPatch,
  isObject,
  type JsonPatch,
  type KubernetesObject,
  type Resource,
} from '@reckon/kubernetes'
import type { Boot, ReportNumber } from './boot.ts'
import { closedObject } from './closed-object.ts'
import { withManagers } from './field-managers.ts'
import { effectOf } from './kinds/kind-events.ts'
import { changedIn, createdIn, isFullState, type ObjectChanged } from './object-event.ts'
import { contentIn, type Sealed, sealedOf } from './sealed-content.ts'

/** An object, folded from its stream. */
export type StoredObject<T extends KubernetesObject = KubernetesObject> = {
  /** With `metadata.resourceVersion`: the decimal position of its last event. */
  object: T
  revision: bigint
  position: bigint
  /** The number of changes since the object was last recorded whole. */
  changes: number
  /** The last event of this object. */
  last: Cause
  /** Its last event that changed more than status; reactions name it as their cause. */
  intent: Cause
  /** The last report of its agent, for pods and Nodes. */
  report?: ReportNumber
  /** The last start of its agent, for Nodes. */
  boot?: Boot
  /** For encrypted kinds: whether the content is known here, or only that the object exists. */
  sealed?: 'Open' | 'Closed'
}

/**
 * Applies an event to an object of the resource; undefined once it is deleted. Encrypted content was decrypted before,
 * or stays encrypted. Throws for an event type that the kind does not have, because skipping it would make the object
 * wrong.
 */
export function evolveObject(
  resource: Resource,
  state: StoredObject | undefined,
  event: RecordedEvent,
): StoredObject | undefined {
  const effect = effectOf(resource, event.type)
  if (effect === undefined) throw writtenByNewer(event)
  if (effect === 'Deleted') return undefined
  const cause = causeOf(event)
  const sealed = sealedOf(event)
  if (sealed) {
    const { revision, position } = event
    const at = { revision, position, last: cause, intent: cause }
    return { ...at, ...evolveSealed(resource, state, event, sealed) }
  }
  if (effect === 'Created') {
    const data = createdIn(event)
    const object = versioned(data.object, event.position)
    return stored(event, { object, changes: 0, cause, intent: cause }, data)
  }
  return evolveChanged(resource, state, event, cause)
}

function evolveChanged(
  resource: Resource,
  state: StoredObject | undefined,
  event: RecordedEvent,
  cause: Cause,
): StoredObject {
  const data = changedIn(event)
  // Where superseded events were left out, an earlier object of the name may still be there.
  const before = isAnother(state, data) ? undefined : state
  // What is recorded comes first, so that it is the same wherever the fold began.
  const intent = isStatusOnly(data.patch) ? (data.intent ?? before?.intent ?? cause) : cause
  if (data.object) {
    const object = versioned(data.object, event.position)
    return stored(event, { object, changes: 0, cause, intent }, data, before)
  }
  if (!state) {
    throw new Error(`${event.stream}@${event.revision} changes an object that is not there`)
  }
  const object = versioned(changed(resource, state.object, data.patch, event), event.position)
  return stored(event, { object, changes: state.changes + 1, cause, intent }, data, state)
}

const isAnother = (state: StoredObject | undefined, { object }: ObjectChanged): boolean =>
  object !== undefined && object.metadata.uid !== state?.object.metadata.uid

/** The agent's report and boot from this event, or else the previous ones. */
function stored(
  { revision, position }: RecordedEvent,
  made: { object: KubernetesObject; changes: number; cause: Cause; intent: Cause },
  reported: Pick<ObjectChanged, 'report' | 'boot'>,
  before?: StoredObject,
): StoredObject {
  const { object, changes, cause, intent } = made
  const after: StoredObject = { object, revision, position, changes, last: cause, intent }
  const report = reported.report ?? before?.report
  const boot = reported.boot ?? before?.boot
  if (report) after.report = report
  if (boot) after.boot = boot
  return after
}

const writtenByNewer = ({ type, stream, revision }: RecordedEvent): Error =>
  new Error(`${type} in ${stream}@${revision}: written by a newer Reckon; start one that knows it`)

/** Every change of an encrypted object counts as one of intent, because without its key nobody can tell. */
function evolveSealed(
  resource: Resource,
  state: StoredObject | undefined,
  event: RecordedEvent,
  { key, whole }: Sealed,
): Pick<StoredObject, 'object' | 'changes' | 'sealed'> {
  const { stream, position } = event
  const { object, patch } = contentIn(event)
  const changes = whole || !state ? 0 : state.changes + 1
  if (object) return { object: versioned(object, position), changes, sealed: 'Open' }
  if (!patch || state?.sealed !== 'Open' || state.object.metadata.uid !== key) {
    return { object: closedObject(stream, key, position), changes, sealed: 'Closed' }
  }
  const after = changed(resource, state.object, patch, event)
  return { object: versioned(after, position), changes, sealed: 'Open' }
}

/**
 * Whether a fold that begins with this event is the one from the beginning in every respect: of older full states that
 * came with a change of status, the intent is not recorded.
 */
export function isEntireState(
  resource: Resource,
  event: { type: string; id: string; data: unknown },
) {
  const effect = effectOf(resource, event.type)
  if (effect === undefined || !isFullState(resource, event)) return false
  if (effect !== 'Changed' || sealedOf(event)) return true
  const { intent, patch } = changedIn(event)
  return intent !== undefined || !isStatusOnly(patch)
}

export const causeOf = (event: { id: string; metadata: RecordedEvent['metadata'] }): Cause => ({
  id: event.id,
  correlationId: event.metadata?.$correlationId ?? event.id,
})

/** The object as recorded in an event, without its version, which is the event's position. */
export function withoutVersion<T extends KubernetesObject>(object: T): T {
  const { resourceVersion: _, ...metadata } = object.metadata
  return { ...object, metadata }
}

/** Whether a patch changes only status. */
export const isStatusOnly = (patch: JsonPatch): boolean =>
  patch.every((operation) => operation.path === '/status' || operation.path.startsWith('/status/'))

/** The object with a recorded change applied; the type stays the same. */
export function patched(before: KubernetesObject, patch: JsonPatch): KubernetesObject {
  const after = applyJsonPatch(before, patch)
  if (isObject(after)) return after
  throw new Error(`what was recorded of ${before.kind} ${before.metadata.name} leaves no object`)
}

/** The object after a recorded change, including its field managers. */
const changed = (
  resource: Resource,
  before: KubernetesObject,
  patch: JsonPatch,
  { metadata }: RecordedEvent,
): KubernetesObject => {
  const by = { metadata, isStatusOnly: isStatusOnly(patch) }
  return withManagers(resource, before, patched(before, patch), by)
}

const versioned = (object: KubernetesObject, position: bigint): KubernetesObject => ({
  ...object,
  metadata: { ...object.metadata, resourceVersion: String(position) },
})
