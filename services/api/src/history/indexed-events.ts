import type { EventLog, LogIndex, LogSpan, RecordedEvent } from '@reckon/eventing'

/** Where so few of others are between two events, both are read together. */
const betweenMax = 64

/** A part of the log that is read at once: about so many events. */
type Stretch = { from: bigint; upTo: bigint; count: number }

/**
 * What of the log has to be read to have all events of a correlation, in order, and rarely much else; undefined where the index
 * knows of none.
 */
export async function indexedEvents(
  { log, index }: { log: EventLog; index: LogIndex },
  correlation: string,
  signal: AbortSignal,
): Promise<AsyncIterable<RecordedEvent> | undefined> {
  const { upTo } = index
  const stretches = await stretchesOf(index, correlation, signal)
  if (stretches.length === 0) return undefined
  return (async function* () {
    for (const stretch of stretches) yield* eventsIn(log, stretch)
    yield* log.readAll({ after: upTo })
  })()
}

async function stretchesOf(
  index: LogIndex,
  correlation: string,
  signal: AbortSignal,
): Promise<readonly Stretch[]> {
  const found: Stretch[] = []
  let before = 0
  let last = Number.NEGATIVE_INFINITY
  for await (const page of index.pages()) {
    signal.throwIfAborted()
    for (const place of page.placesOf(correlation)) {
      const position = page.positionAt(place)
      const gap = before + place - last
      const open = gap <= betweenMax ? found.at(-1) : undefined
      if (open === undefined) found.push({ from: position, upTo: position, count: 1 })
      else {
        open.upTo = position
        open.count += gap
      }
      last = before + place
    }
    before += page.count
  }
  return found
}

/** The store's own events are in no index: there may be more than were counted. */
async function* eventsIn(
  log: EventLog,
  { from, upTo, count }: Stretch,
): AsyncGenerator<RecordedEvent> {
  for (let span: LogSpan = { from, limit: count }; ; ) {
    let reached: bigint | undefined
    for await (const event of log.readAll(span)) {
      reached = event.position
      if (reached <= upTo) yield event
    }
    if (reached === undefined || reached >= upTo) return
    span = { after: reached, limit: count }
  }
}
