import { eventTypes, type StoredObject } from '@reckon/domain'
import type { RecordedEvent } from '@reckon/eventing'
import type { KubernetesObject } from '@reckon/kubernetes'

/** What a write did. */
export type Written = {
  /** The object as it is now; once it is gone, as it was last. */
  stored: StoredObject
  /** What was recorded; absent where nothing was left to do. */
  event?: RecordedEvent
}

/** What a write would do: the object as it would be, of the version that is there, and whether it would be gone. */
export type DryRun = { object: KubernetesObject; isGone: boolean }

/** Whether the write ended its object. */
export const isGone = ({ stored, event }: Written): boolean =>
  event?.type === eventTypes(stored.object.kind).deleted

/** The version of the log that tells all that the write did. */
export const positionOf = ({ stored, event }: Written): bigint => event?.position ?? stored.position
