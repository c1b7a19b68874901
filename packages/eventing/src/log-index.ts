import { crc32 } from 'node:zlib'
import { isSystemEvent, type RecordedEvent } from './log/event.ts'
import type { EventLog } from './log/event-log.ts'

/** An event's entry in an index: enough to find or to count it without reading it. */
export type Indexed = {
  id: string
  position: bigint
  /** When it was recorded, by the writer's clock, in milliseconds since the Unix epoch. */
  timeMs: number
  correlation: string
  /** What the event is about. There are few different scopes; whoever builds the index defines them. */
  scope: string
  /** One more number to count by, from 0 to 255; whoever builds the index defines it. */
  mark: number
}

/** A run of entries in the order of the log, read by their place in the page. */
export interface IndexPage {
  readonly count: number
  positionAt(place: number): bigint
  timeMsAt(place: number): number
  scopeAt(place: number): string
  markAt(place: number): number
  /** A hash of the correlation. */
  correlationAt(place: number): number
  /** The places of entries with a correlation; by hash, so rarely one of another is among them. */
  placesOf(correlation: string): Iterable<number>
}

/**
 * An index from times and correlations to positions of the log. It holds no facts: any of it may be lost or deleted at
 * any time, and is rebuilt from the log.
 */
export interface LogIndex {
  /** Every event with a time is indexed up to here; undefined where the index is empty. */
  readonly upTo: bigint | undefined
  /** The entries after a position, in order. */
  pages(after?: bigint): AsyncIterable<IndexPage>
  /** The last indexed position that was recorded by a time, if any; writers' clocks differ by at most `apartMs`. */
  lastBy(timeMs: number, apartMs: number): Promise<bigint | undefined>
}

/** An index that is kept up to the log. */
export interface LogIndexStore extends LogIndex {
  /**
   * Verifies that the index belongs to this log, and deletes what is truncated, damaged or of another log. Returns
   * false where another process has the index open.
   */
  open(log: EventLog): Promise<boolean>
  /** Appends entries in the order of the log. */
  append(entries: readonly Indexed[]): Promise<void>
  close(): Promise<void>
}

/** How whoever builds the index describes an event. */
export type Describe = (event: RecordedEvent) => Pick<Indexed, 'scope' | 'mark'>

/** The entry of an event; undefined for the store's own events, which have no time. */
export function indexed(event: RecordedEvent, describe: Describe): Indexed | undefined {
  if (isSystemEvent(event)) return undefined
  const { id, position, metadata } = event
  const timeMs = Date.parse(metadata?.time ?? '')
  if (Number.isNaN(timeMs)) return undefined
  return { id, position, timeMs, correlation: metadata?.$correlationId ?? id, ...describe(event) }
}

/** A page of entries that are not in an index yet. */
export const pageOf = (entries: readonly Indexed[]): IndexPage => ({
  count: entries.length,
  positionAt: (place) => entries[place]?.position ?? 0n,
  timeMsAt: (place) => entries[place]?.timeMs ?? 0,
  scopeAt: (place) => entries[place]?.scope ?? '',
  markAt: (place) => entries[place]?.mark ?? 0,
  correlationAt: (place) => crc32(entries[place]?.correlation ?? ''),
  placesOf: (correlation) =>
    entries.flatMap((entry, place) => (entry.correlation === correlation ? [place] : [])),
})
