import type { SealedText } from '@reckon/eventing'
import type { JsonPatch, KubernetesObject } from '@reckon/kubernetes'

/**
 * What stands in an event of a sealed object in place of `object` and `patch`: these, encrypted with the data key of the
 * object with the uid `key`, for the event's own stream and id. `whole`: the object is among them.
 */
export type Sealed = SealedText & { key: string; whole?: true }

/** What is in it. */
export type SealedContent = { object?: KubernetesObject; patch?: JsonPatch }

/** The sealed part of an event's data; undefined where it is in clear. */
export const sealedOf = ({ data }: { data: unknown }): Sealed | undefined =>
  typeof data === 'object' && data !== null ? (data as { sealed?: Sealed }).sealed : undefined
