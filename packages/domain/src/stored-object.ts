import type { Cause, RecordedEvent } from '@reckon/eventing'
import { applyJsonPatch, type JsonPatch, type KubernetesObject } from '@reckon/kubernetes'
import {
  isCreated,
  isDeleted,
  type ObjectChanged,
  type ObjectCreated,
  type ReportNumber,
} from './object-event.ts'

/** An object as the fold of its stream. */
export type StoredObject<T extends KubernetesObject = KubernetesObject> = {
  /** With `metadata.resourceVersion`: the decimal position of its last event. */
  object: T
  revision: bigint
  position: bigint
  /** Changes since the object was last recorded whole. */
  changes: number
  /** The last event of this object. */
  last: Cause
  /** Its last event that changed more than status: what followers name as their cause. */
  intent: Cause
  /** The last report of its agent, for pods. */
  report?: ReportNumber
}

/** What the event makes of the object; undefined once it is deleted. */
export function evolveObject(
  state: StoredObject | undefined,
  event: RecordedEvent,
): StoredObject | undefined {
  if (isDeleted(event)) return undefined
  const cause = causeOf(event)
  const at = { revision: event.revision, position: event.position, last: cause }
  if (isCreated(event)) {
    const { object } = event.data as ObjectCreated
    return { ...at, object: versioned(object, event.position), changes: 0, intent: cause }
  }
  const data = event.data as ObjectChanged
  if (data.object) {
    const intent = state && isStatusOnly(data.patch) ? state.intent : cause
    return {
      ...at,
      object: versioned(data.object, event.position),
      changes: 0,
      intent,
      ...reportOf(data, state),
    }
  }
  if (!state)
    throw new Error(`${event.stream}@${event.revision} changes an object that is not there`)
  return {
    ...at,
    object: versioned(
      applyJsonPatch(withoutVersion(state.object), data.patch) as KubernetesObject,
      event.position,
    ),
    changes: state.changes + 1,
    intent: isStatusOnly(data.patch) ? state.intent : cause,
    ...reportOf(data, state),
  }
}

export const causeOf = (event: { id: string; metadata: RecordedEvent['metadata'] }): Cause => ({
  id: event.id,
  correlationId: event.metadata?.$correlationId ?? event.id,
})

/** The object as it goes into an event: its version is the event's position, not part of its content. */
export function withoutVersion<T extends KubernetesObject>(object: T): T {
  const { resourceVersion: _, ...metadata } = object.metadata
  return { ...object, metadata }
}

/** Whether a patch touches status alone. */
export const isStatusOnly = (patch: JsonPatch): boolean =>
  patch.every((operation) => operation.path === '/status' || operation.path.startsWith('/status/'))

const versioned = (object: KubernetesObject, position: bigint): KubernetesObject => ({
  ...object,
  metadata: { ...object.metadata, resourceVersion: String(position) },
})

const reportOf = (
  data: ObjectChanged,
  state: StoredObject | undefined,
): { report: ReportNumber } | undefined => {
  const report = data.report ?? state?.report
  return report && { report }
}
