import type { SealedText } from '@reckon/eventing'
import { isJsonObject, type JsonPatch, type KubernetesObject } from '@reckon/kubernetes'
import { dataOf, type Recorded } from './recorded-data.ts'

/**
 * What an event of an encrypted object has in place of `object` and `patch`: these, encrypted with the data key of the
 * object with the uid `key`, for the event's own stream and id. `whole`: the object is included.
 */
export type Sealed = SealedText & { key: string; whole?: true }

/** The decrypted content. */
export type SealedContent = { object?: KubernetesObject; patch?: JsonPatch }

/** The content of an encrypted event once it is decrypted; empty before. */
export const contentIn = (event: Recorded): SealedContent => dataOf(event)

/** The encrypted part of an event's data; undefined where there is none. */
export function sealedOf({ data: recorded }: { data: unknown }): Sealed | undefined {
  if (!isJsonObject(recorded) || !isJsonObject(recorded.sealed)) return undefined
  const { key, iv, data, tag, whole } = recorded.sealed
  if (typeof key !== 'string' || typeof iv !== 'string') return undefined
  if (typeof data !== 'string' || typeof tag !== 'string') return undefined
  return { key, iv, data, tag, ...(whole === true && { whole }) }
}
