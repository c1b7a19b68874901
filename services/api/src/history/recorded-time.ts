import { type EventLog, isSystemEvent, type LogSpan, type RecordedEvent } from '@reckon/eventing'

/** So many events are read first: one of them has a time, and to break off a longer read costs the store more. */
const firstEvents = 16

/** The first event of a span that has a time, and that; undefined where none has. Throws once the signal aborts. */
export async function firstTimed(
  log: Pick<EventLog, 'readAll'>,
  span: LogSpan = {},
  signal?: AbortSignal,
): Promise<{ position: bigint; timeMs: number } | undefined> {
  for (const limit of [firstEvents, Number.MAX_SAFE_INTEGER]) {
    for await (const event of log.readAll({ ...span, limit })) {
      signal?.throwIfAborted()
      const timeMs = timeOf(event)
      if (!Number.isNaN(timeMs)) return { position: event.position, timeMs }
    }
  }
  return undefined
}

/** When an event was recorded; NaN for the store's own ones. */
export const timeOf = (event: RecordedEvent): number =>
  isSystemEvent(event) ? Number.NaN : Date.parse(event.metadata?.time ?? '')
