import type { RecordedEvent } from '@reckon/eventing'

/** So many events are held; of more only where they begin is known, and they are read from there. */
const heldMax = 2000

type EventFilter = {
  limit: number
  isLater(event: RecordedEvent): boolean
  isWanted(event: RecordedEvent): boolean
}

type Last = {
  /** They themselves, in order, where they are few. */
  held: readonly RecordedEvent[] | undefined
  /** The position before them, where something stands there that was looked at. */
  after: bigint | undefined
  /** The position of the newest event that was looked at. */
  newest: bigint | undefined
}

/** Finds the last so many events that are wanted. Throws once the signal aborts. */
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
