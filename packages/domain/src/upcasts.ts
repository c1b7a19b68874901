import { type RecordedEvent, withContent } from '@reckon/eventing'

type Shape = Pick<RecordedEvent, 'type' | 'data'>

/** By type, how an event of an old shape is converted to the present one. */
export type Upcasts = Readonly<Record<string, (event: Shape) => Shape>>

/** None so far: every shape that was ever recorded is still understood. */
const upcasts: Upcasts = {}

/** The event in its present shape. */
export function upcast(event: RecordedEvent, by: Upcasts = upcasts): RecordedEvent {
  const cast = by[event.type]
  return cast === undefined ? event : withContent(event, cast(event))
}
