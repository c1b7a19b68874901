import {
  assertOpen,
  changesBetweenFullStates,
  effectOf,
  eventTypes,
  isStatusOnly,
  type KeyRing,
  metadataOf,
  nameOfChange,
  type ObjectChanged,
  type Origin,
  type StoredObject,
  withManagers,
  withoutVersion,
} from '@reckon/domain'
import type { Draft } from '@reckon/eventing'
import { createJsonPatch, type KubernetesObject, type Resource } from '@reckon/kubernetes'

/** Properties of an event that do not follow from the change itself. */
export type RecordedAs = {
  /** The event's type, where the kind's rules do not name it. */
  type?: string
  /** The event's id, for reports, whose id follows from their content. */
  id?: string
  /** Added to the event's data. */
  joined?: Partial<ObjectChanged>
}

/** The outcome of a decision: the object's next state, or its end. */
export type Outcome = {
  after: KubernetesObject
  isEnd?: boolean
  recordedAs?: RecordedAs
  /** Whether to record an event even if the object is unchanged, because of the data added to it. */
  isNews?: boolean
}

type Drawn = { id: string; nowMs: number; origin: Origin }

/** The event of a change or an end, before it is appended. */
export type ChangeDraft = Draft & { id: string; data: ObjectChanged }

/** The event that leads to an outcome; undefined where the object is there already. */
export function changeDraft(
  resource: Resource,
  current: StoredObject,
  { after, isEnd = false, recordedAs = {}, isNews = false }: Outcome,
  draw: () => Drawn,
): ChangeDraft | undefined {
  const patch = createJsonPatch(withoutVersion(current.object), withoutVersion(after))
  if (patch.length === 0 && !isEnd && !isNews) return undefined
  const { id: drawn, nowMs, origin } = draw()
  const id = recordedAs.id ?? drawn
  const metadata = metadataOf(origin, id, nowMs)
  if (isEnd) {
    const data = { patch, ...recordedAs.joined }
    return { id, type: eventTypes(resource.kind).deleted, data, metadata }
  }
  const by = { metadata, isStatusOnly: isStatusOnly(patch) }
  const isFullStateDue = current.changes + 1 >= changesBetweenFullStates
  const whole = () => withManagers(resource, current.object, after, by)
  const data: ObjectChanged = {
    patch,
    ...(isFullStateDue && fullStateOf(current, whole(), by)),
    ...recordedAs.joined,
  }
  const type = recordedAs.type ?? nameOfChange(resource, current.object, after, by.isStatusOnly)
  if (effectOf(resource, type) !== 'Changed') throw new Error(`${resource.kind} has no ${type}`)
  return { id, type, data, metadata }
}

/** Everything that a fold needs if it begins with this event. A change of more than status is the intent itself. */
const fullStateOf = (
  { report, boot, intent }: StoredObject,
  after: KubernetesObject,
  { isStatusOnly }: { isStatusOnly: boolean },
) => ({
  object: withoutVersion(after),
  ...(isStatusOnly && { intent }),
  ...(report && { report }),
  ...(boot && { boot }),
})

/**
 * Encrypts a draft. An object that cannot be decrypted can only be deleted. Its intent is always its last change, so none
 * is recorded.
 */
export function sealedDraft(
  draft: ChangeDraft,
  stream: string,
  current: StoredObject,
  keys: KeyRing,
): Draft {
  const isEnd = draft.type === eventTypes(current.object.kind).deleted
  if (current.sealed === 'Closed' && isEnd) return { ...draft, data: { patch: [] } }
  assertOpen(current)
  const { id, data } = draft
  const { patch, object, intent: _, ...clear } = data
  const content = { patch, ...(object && { object }) }
  const sealed = keys.seal(current.object.metadata.uid ?? '', content, { stream, id })
  return { ...draft, data: { ...clear, ...sealed } }
}
