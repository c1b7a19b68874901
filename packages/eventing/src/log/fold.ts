import type { RecordedEvent } from './event.ts'
import type { EventLog } from './event-log.ts'

/** A stream folded up to a revision. */
export type Folded<State> = { state: State; revision: bigint }

/** How one stream's events make its state. */
export type Fold<State> = {
  /** The state of a stream without events. */
  initial: State
  evolve(state: State, event: RecordedEvent): State
  /** Whether nothing before this event matters: it carries the whole state, or ends it. */
  isFullState(event: RecordedEvent): boolean
}

/** From where a stream is read backwards: from its end, or a revision; and what of it is known already. */
export type FoldedSpan<State> = { from?: bigint; known?: Folded<State> | undefined }

const pageSize = 64

/**
 * Reads a stream's state, backwards to the last whole event or to what is known already; undefined where there is no
 * event.
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
  // The newest event is often whole by itself, a deletion or a creation, or the one that is known.
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
