import type { RecordedEvent } from '@reckon/eventing'
import { isJsonObject } from '@reckon/kubernetes'

/** An event as it is recorded: what names it, and what it holds. */
export type Recorded = Pick<RecordedEvent, 'id' | 'data'>

/**
 * The data of an event as what its type holds. It was checked before it was recorded and is the same for ever, so that
 * here only the fields are asked for without which it would be another type's.
 */
export function dataOf<T>({ id, data }: Recorded, ...fields: readonly (keyof T & string)[]): T {
  if (isJsonObject(data) && fields.every((field) => data[field] !== undefined)) return data as T
  throw new Error(`the event ${id} holds no ${fields.join(', ')}`)
}
