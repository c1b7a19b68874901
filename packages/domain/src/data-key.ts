import type { WrappedKey } from '@reckon/eventing'
import { dataOf, type Recorded } from './recorded-data.ts'

/**
 * The stream of an object's data key, by the object's uid. Tombstoning it makes the object's history unreadable for
 * ever.
 */
export const keyStream = (uid: string): string => `${prefix}${uid}`

/** The uid of the object whose data key a stream holds; undefined for other streams. */
export const keyedUid = (stream: string): string | undefined =>
  stream.startsWith(prefix) ? stream.slice(prefix.length) : undefined

const prefix = 'keys-'

/** `DataKeyCreated`, recorded before the object: the wrapped key with which the object in `stream` is encrypted. */
export type DataKeyCreated = WrappedKey & { stream: string }

/** The data of `DataKeyCreated`. */
export const dataKeyIn = (event: Recorded): DataKeyCreated => dataOf(event, 'stream', 'wrapped')
