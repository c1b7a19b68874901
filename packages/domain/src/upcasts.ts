import { type RecordedEvent, withContent } from '@reckon/eventing'

type Shape = Pick<RecordedEvent, 'type' | 'data'>

/** By type, how an event of a shape that is no longer written is read as one that is. */
export type Upcasts = Readonly<Record<string, (event: Shape) => Shape>>

/** None: every shape that was ever recorded is still understood as it is. */
const upcasts: Upcasts = {}

/** The event in the shape that is written today. */
export function upcast(event: RecordedEvent, by: Upcasts = upcasts): RecordedEvent {
  const cast = by[event.type]
  return cast === undefined ? event : withContent(event, cast(event))
}
