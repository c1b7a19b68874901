import type { RecordedEvent } from '@reckon/eventing'
import { isJsonObject } from '@reckon/kubernetes'

/** The name and data of a recorded event. */
export type Recorded = Pick<RecordedEvent, 'id' | 'data'>

/**
 * The data of an event, typed. It was validated before it was recorded and never changes, so only the fields that
 * distinguish the type are checked here.
 */
export function dataOf<T>({ id, data }: Recorded, ...fields: readonly (keyof T & string)[]): T {
  if (isJsonObject(data) && fields.every((field) => data[field] !== undefined)) return data as T
  throw new Error(`the event ${id} holds no ${fields.join(', ')}`)
}
