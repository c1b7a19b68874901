import type { WrappedKey } from '@reckon/eventing'
import { dataOf, type Recorded } from './recorded-data.ts'

/** The stream of the data key of one object, by its uid. Ending it makes the object's history unreadable for ever. */
export const keyStream = (uid: string): string => `${prefix}${uid}`

/** The uid of the object whose data key a stream holds; undefined for other streams. */
export const keyedUid = (stream: string): string | undefined =>
  stream.startsWith(prefix) ? stream.slice(prefix.length) : undefined

const prefix = 'keys-'

/**
 * `DataKeyCreated`, recorded before the object: the key under which the object in `stream` is sealed, itself wrapped.
 */
export type DataKeyCreated = WrappedKey & { stream: string }

/** What `DataKeyCreated` holds. */
export const dataKeyIn = (event: Recorded): DataKeyCreated => dataOf(event, 'stream', 'wrapped')
