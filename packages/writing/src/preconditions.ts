import type { StoredObject } from '@reckon/domain'
import { conflict, isRefusal, StatusError } from '@reckon/kubernetes'
import type { Target } from './target.ts'

/** Conditions on the object at the time of the write. */
export type Preconditions = { uid?: string; resourceVersion?: string }

/** `Conflict`: the intended object is gone, and another one has its name. */
class OtherUid extends StatusError {}

/** Refuses with `Conflict` unless the object and its version are the intended ones. */
export function checkPreconditions(
  { resource, name }: Target,
  current: StoredObject,
  wanted: Preconditions,
): void {
  const { uid, resourceVersion } = current.object.metadata
  if (wanted.uid !== undefined && wanted.uid !== uid) {
    const why = `Precondition failed: UID in precondition: ${wanted.uid}, UID in object meta: ${uid}`
    const { reason, message, details } = conflict(resource, name, why)
    throw new OtherUid(reason, message, details)
  }
  if (wanted.resourceVersion !== undefined && wanted.resourceVersion !== resourceVersion) {
    throw conflict(resource, name)
  }
}

/** Whether a refusal means that the intended object is gone. */
export const isOfGone = (error: unknown): boolean =>
  isRefusal(error, 'NotFound') || error instanceof OtherUid
