import type { EventLog, IndexPage, LogIndex, LogSpan, RecordedEvent } from '@reckon/eventing'
import { ofScopes, type Scope } from './activity.ts'

/** If there are at most this many other events between two, both are read with one read. */
const betweenMax = 64

/** A part of the log that is read at once, with about this many events. */
type Stretch = { from: bigint; upTo: bigint; count: number }

type Indexed = { log: EventLog; index: LogIndex }

/**
 * Which parts of the log to read for all events of a correlation, in order, with few others; undefined if the index
 * knows none.
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

type After = { after: bigint; signal: AbortSignal }

/**
 * Which parts of the log after a position to read for all events about these scopes, in order, possibly with others.
 */
export const eventsAbout = (
  indexed: Indexed,
  isWanted: (scope: Scope) => boolean,
  after: After,
): AsyncGenerator<RecordedEvent> => {
  const isAbout = ofScopes(isWanted)
  return eventsAt(
    indexed,
    (page) => placesThat(page, (place) => isAbout(page.scopeAt(place))),
    after,
  )
}

/**
 * The same for everything that followed from requests in these scopes: the index knows who asked, and what has the same
 * correlation.
 */
export async function* eventsOfRequests(
  indexed: Indexed,
  isWanted: (scope: Scope) => boolean,
  after: After,
): AsyncGenerator<RecordedEvent> {
  const isMeant = ofScopes((scope) => scope.user !== '' && isWanted(scope))
  const correlations = new Set<number>()
  for await (const page of indexed.index.pages(after.after)) {
    after.signal.throwIfAborted()
    for (const place of placesThat(page, (place) => isMeant(page.scopeAt(place)))) {
      correlations.add(page.correlationAt(place))
    }
  }
  const isOfThem = (page: IndexPage) =>
    placesThat(page, (place) => correlations.has(page.correlationAt(place)))
  yield* eventsAt(indexed, isOfThem, after)
}

async function* eventsAt(
  { log, index }: Indexed,
  placesOf: (page: IndexPage) => Iterable<number>,
  { after, signal }: After,
): AsyncGenerator<RecordedEvent> {
  const { upTo = -1n } = index
  for (const stretch of await stretchesOf(index.pages(after), placesOf, signal)) {
    yield* eventsIn(log, stretch)
  }
  yield* log.readAll({ after: after > upTo ? after : upTo })
}

function* placesThat(page: IndexPage, isWanted: (place: number) => unknown): Iterable<number> {
  for (let place = 0; place < page.count; place++) if (isWanted(place)) yield place
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

/** The store's own events are not indexed, so there may be more events than were counted. */
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
