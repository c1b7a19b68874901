import { crc32 } from 'node:zlib'
import { isSystemEvent, type RecordedEvent } from './log/event.ts'
import type { EventLog } from './log/event-log.ts'

/** What an index keeps of an event: enough to find it, or to count it, without reading it. */
export type Indexed = {
  id: string
  position: bigint
  /** When it was recorded, by its writer's clock, in milliseconds since the Unix epoch. */
  timeMs: number
  correlation: string
  /** What it is about, one of few; whoever indexes says what stands there. */
  scope: string
  /** What else is to be counted of it: 0–255. */
  mark: number
}

/** Some entries of an index in the order of the log, read one by one by their place in the page. */
export interface IndexPage {
  readonly count: number
  positionAt(place: number): bigint
  timeMsAt(place: number): number
  scopeAt(place: number): string
  markAt(place: number): number
  /** The same for all of a correlation, and rarely for one of another. */
  correlationAt(place: number): number
  /** Where those of a correlation are, and rarely one that is of another. */
  placesOf(correlation: string): Iterable<number>
}

/**
 * What leads from times and correlations to positions of the log. It is no record: any of it may be lost or thrown away
 * at any time, and is then made again from the log.
 */
export interface LogIndex {
  /** All up to there is in it that tells its time; undefined: nothing is. */
  readonly upTo: bigint | undefined
  /** What is in it after a position, in order. */
  pages(after?: bigint): AsyncIterable<IndexPage>
  /**
   * The last position in it that was recorded by a time, if any was; writers' clocks are no more than `apartMs` apart.
   */
  lastBy(timeMs: number, apartMs: number): Promise<bigint | undefined>
}

/** An index that somebody keeps up to the log. */
export interface LogIndexStore extends LogIndex {
  /**
   * Finds out what is there of this log; whatever is torn, damaged or of another one is thrown away. Answers whether it
   * is open: not where another process has it.
   */
  open(log: EventLog): Promise<boolean>
  /** Goes on, in the order of the log. */
  append(entries: readonly Indexed[]): Promise<void>
  close(): Promise<void>
}

/** What whoever indexes says of an event. */
export type Describe = (event: RecordedEvent) => Pick<Indexed, 'scope' | 'mark'>

/** What an index keeps of an event; undefined of one that does not tell its time: the store's own. */
export function indexed(event: RecordedEvent, describe: Describe): Indexed | undefined {
  if (isSystemEvent(event)) return undefined
  const { id, position, metadata } = event
  const timeMs = Date.parse(metadata?.time ?? '')
  if (Number.isNaN(timeMs)) return undefined
  return { id, position, timeMs, correlation: metadata?.$correlationId ?? id, ...describe(event) }
}

/** Entries that are in no index yet, as a page of one. */
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
