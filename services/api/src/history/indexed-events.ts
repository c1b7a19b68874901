import type { EventLog, IndexPage, LogIndex, LogSpan, RecordedEvent } from '@reckon/eventing'

/** Where so few of others are between two events, both are read together. */
const betweenMax = 64

/** A part of the log that is read at once: about so many events. */
type Stretch = { from: bigint; upTo: bigint; count: number }

type Indexed = { log: EventLog; index: LogIndex }

/**
 * What of the log has to be read to have all events of a correlation, in order, and rarely much else; undefined where the index
 * knows of none.
 */
export async function indexedEvents(
  { log, index }: Indexed,
  correlation: string,
  signal: AbortSignal,
): Promise<AsyncIterable<RecordedEvent> | undefined> {
  const { upTo } = index
  const placesOf = (page: IndexPage) => page.placesOf(correlation)
  const stretches = await stretchesOf(index.pages(), placesOf, signal)
  if (stretches.length === 0) return undefined
  return (async function* () {
    for (const stretch of stretches) yield* eventsIn(log, stretch)
    yield* log.readAll({ after: upTo })
  })()
}

/** What of the log after a position has to be read to have all events about these scopes, in order, and maybe others. */
export async function* eventsAbout(
  { log, index }: Indexed,
  isWanted: (scope: string) => boolean,
  { after, signal }: { after: bigint; signal: AbortSignal },
): AsyncGenerator<RecordedEvent> {
  const { upTo = -1n } = index
  const placesOf = (page: IndexPage) =>
    Array.from({ length: page.count }, (_, place) => place).filter((place) =>
      isWanted(page.scopeAt(place)),
    )
  for (const stretch of await stretchesOf(index.pages(after), placesOf, signal)) {
    yield* eventsIn(log, stretch)
  }
  yield* log.readAll({ after: after > upTo ? after : upTo })
}

async function stretchesOf(
  pages: AsyncIterable<IndexPage>,
  placesOf: (page: IndexPage) => Iterable<number>,
  signal: AbortSignal,
): Promise<readonly Stretch[]> {
  const found: Stretch[] = []
  let before = 0
  let last = Number.NEGATIVE_INFINITY
  for await (const page of pages) {
    signal.throwIfAborted()
    for (const place of placesOf(page)) {
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
