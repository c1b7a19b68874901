import type { StoredObject } from '@reckon/domain'
import { conflict, isRefusal, StatusError } from '@reckon/kubernetes'
import type { Target } from './target.ts'

/** What must hold of the object when it is written. */
export type Preconditions = { uid?: string; resourceVersion?: string }

/** `Conflict`: the object that was meant is gone, and another of that name is there. */
class OtherUid extends StatusError {}

/** Refuses with `Conflict` unless this is the object, and the version of it, that was meant. */
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

/** Whether a refusal tells that the very object that was meant is gone. */
export const isOfGone = (error: unknown): boolean =>
  isRefusal(error, 'NotFound') || error instanceof OtherUid
