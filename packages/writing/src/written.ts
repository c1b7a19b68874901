import { eventTypes, type StoredObject } from '@reckon/domain'
import type { RecordedEvent } from '@reckon/eventing'
import type { KubernetesObject } from '@reckon/kubernetes'

/** The result of a write. */
export type Written = {
  /** The current object, or its last state if it is gone. */
  stored: StoredObject
  /** The recorded event; absent where there was nothing to do. */
  event?: RecordedEvent
}

/** The result of a dry run: the object in its current version, and whether it would be gone. */
export type DryRun = { object: KubernetesObject; isGone: boolean }

/** Whether the write ended its object. */
export const isGone = ({ stored, event }: Written): boolean =>
  event?.type === eventTypes(stored.object.kind).deleted

/** The position of the log from which on a view contains the write. */
export const positionOf = ({ stored, event }: Written): bigint => event?.position ?? stored.position
