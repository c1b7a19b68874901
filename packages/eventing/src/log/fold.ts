import type { RecordedEvent } from './event.ts'
import type { EventLog } from './event-log.ts'

/** A stream folded up to a revision. */
export type Folded<State> = { state: State; revision: bigint }

/** How the events of one stream make up its state. */
export type Fold<State> = {
  /** The state of a stream without events. */
  initial: State
  evolve(state: State, event: RecordedEvent): State
  /** Whether earlier events do not matter, because this one carries the whole state or ends it. */
  isFullState(event: RecordedEvent): boolean
}

/** Where to begin reading backwards (by default at the end), and what is known of the stream already. */
export type FoldedSpan<State> = { from?: bigint; known?: Folded<State> | undefined }

const pageSize = 64

/**
 * Reads a stream's state backwards, to the last event with the whole state or to what is known already; undefined where
 * the stream has no event.
 */
export async function readFolded<State>(
  log: EventLog,
  stream: string,
  fold: Fold<State>,
  { from, known }: FoldedSpan<State> = {},
): Promise<Folded<State> | undefined> {
  const events: RecordedEvent[] = []
  const isComplete = (): boolean => {
    const oldest = events.at(-1)
    if (oldest === undefined) return false
    return oldest.revision === 0n || followsKnown(oldest, known) || fold.isFullState(oldest)
  }
  // Often one event is enough: a creation, a deletion, or the one that is known.
  for (let limit = 1; ; limit = pageSize) {
    const oldest = events.at(-1)
    const next = oldest === undefined ? from : oldest.revision - 1n
    const span = { limit, ...(next !== undefined && { from: next }) }
    let count = 0
    for await (const event of log.readStream(stream, { direction: 'backwards', ...span })) {
      if (event.revision === known?.revision) return known
      count++
      events.push(event)
      if (isComplete()) break
    }
    if (isComplete() || count < limit) break
  }
  const [newest, oldest] = [events[0], events.at(-1)]
  if (newest === undefined || oldest === undefined) return undefined
  const begin = known !== undefined && followsKnown(oldest, known) ? known.state : fold.initial
  return { state: events.reduceRight(fold.evolve, begin), revision: newest.revision }
}

const followsKnown = (event: RecordedEvent, known: Folded<unknown> | undefined): boolean =>
  event.revision - 1n === known?.revision
