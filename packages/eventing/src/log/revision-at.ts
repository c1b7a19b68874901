import type { RecordedEvent } from './event.ts'
import type { EventLog, StreamSpan } from './event-log.ts'

type Moment = {
  position: bigint
  /** The stream's last event, if known; any event after the position will do. */
  newest?: Pick<RecordedEvent, 'revision' | 'position'> | undefined
}

/** Below this many events one read of all is faster than further bisection. */
const togetherMax = 8

/**
 * The last revision that a stream had at a position of the log; undefined where it had none, or where the log has
 * removed it since. Found by bisection: one read of one event for each time that the stream's length doubles, except
 * for the last few events.
 */
export async function revisionAt(
  log: EventLog,
  stream: string,
  { position, newest: known }: Moment,
): Promise<bigint | undefined> {
  const newest = known ?? (await eventIn(log, stream, { direction: 'backwards' }))
  if (newest === undefined || newest.position <= position) return newest?.revision
  let before: bigint | undefined
  let after = newest.revision
  for (;;) {
    const lowest = before === undefined ? 0n : before + 1n
    if (lowest >= after) return before
    const limit = Number(after - lowest)
    if (limit <= togetherMax) {
      const span = { from: lowest, limit }
      return (await lastIn(log.readStream(stream, span), position)) ?? before
    }
    const middle = (lowest + after) / 2n
    // If the beginning of the stream was removed, this may be a later event.
    const event = await eventIn(log, stream, { from: middle })
    if (event !== undefined && event.position <= position) before = event.revision
    else after = middle
  }
}

/** The revision of the last of these events up to a position. */
async function lastIn(
  events: AsyncIterable<RecordedEvent>,
  position: bigint,
): Promise<bigint | undefined> {
  let last: bigint | undefined
  for await (const event of events) {
    if (event.position > position) break
    last = event.revision
  }
  return last
}

async function eventIn(
  log: EventLog,
  stream: string,
  span: StreamSpan,
): Promise<RecordedEvent | undefined> {
  for await (const event of log.readStream(stream, { ...span, limit: 1 })) return event
  return undefined
}
