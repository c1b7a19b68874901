import type { SealedText } from '@reckon/eventing'
import { isJsonObject, type JsonPatch, type KubernetesObject } from '@reckon/kubernetes'
import { dataOf, type Recorded } from './recorded-data.ts'

/**
 * What stands in an event of a sealed object in place of `object` and `patch`: these, encrypted with the data key of
 * the object with the uid `key`, for the event's own stream and id. `whole`: the object is among them.
 */
export type Sealed = SealedText & { key: string; whole?: true }

/** What is in it. */
export type SealedContent = { object?: KubernetesObject; patch?: JsonPatch }

/** What an event of a sealed object holds, once it is opened; none of it, while it is not. */
export const contentIn = (event: Recorded): SealedContent => dataOf(event)

/** The sealed part of an event's data; undefined where it is in clear. */
export function sealedOf({ data: recorded }: { data: unknown }): Sealed | undefined {
  if (!isJsonObject(recorded) || !isJsonObject(recorded.sealed)) return undefined
  const { key, iv, data, tag, whole } = recorded.sealed
  if (typeof key !== 'string' || typeof iv !== 'string') return undefined
  if (typeof data !== 'string' || typeof tag !== 'string') return undefined
  return { key, iv, data, tag, ...(whole === true && { whole }) }
}
