import type { RecordedEvent } from '@reckon/eventing'

/**
 * The largest number of events that are held; of more, only the position where they begin is known, and they are read
 * again.
 */
const heldMax = 2000

type EventFilter = {
  limit: number
  isLater(event: RecordedEvent): boolean
  isWanted(event: RecordedEvent): boolean
}

type Last = {
  /** The events themselves, in order, if they are few. */
  held: readonly RecordedEvent[] | undefined
  /** The position of the event before them, if one was looked at. */
  after: bigint | undefined
  /** The position of the newest event that was looked at. */
  newest: bigint | undefined
}

/** Finds the last so many matching events. Throws once the signal aborts. */
export async function lastRecorded(
  newestFirst: AsyncIterable<RecordedEvent>,
  { limit, isLater, isWanted }: EventFilter,
  signal: AbortSignal,
): Promise<Last> {
  let held: RecordedEvent[] = []
  let count = 0
  let after: bigint | undefined
  let newest: bigint | undefined
  for await (const event of newestFirst) {
    signal.throwIfAborted()
    newest ??= event.position
    if (!isLater(event) || count === limit) {
      after = event.position
      break
    }
    if (!isWanted(event)) continue
    count += 1
    if (count <= heldMax) held.push(event)
    else held = []
  }
  return { held: count > heldMax ? undefined : held.reverse(), after, newest }
}
