import type { RecordedEvent } from './event.ts'
import type { EventLog, StreamSpan } from './event-log.ts'

/**
 * The last revision that a stream had at a position of the log; undefined where it had none, or where the log has removed it
 * since. Found by bisection: a read of one event for each time that the stream's length doubles.
 */
export async function revisionAt(
  log: EventLog,
  stream: string,
  position: bigint,
): Promise<bigint | undefined> {
  const newest = await eventIn(log, stream, { direction: 'backwards' })
  if (newest === undefined || newest.position <= position) return newest?.revision
  let before: bigint | undefined
  let after = newest.revision
  for (;;) {
    const lowest = before === undefined ? 0n : before + 1n
    if (lowest >= after) return before
    const middle = (lowest + after) / 2n
    // Of a stream whose beginning is removed this may be a later one.
    const event = await eventIn(log, stream, { from: middle })
    if (event !== undefined && event.position <= position) before = event.revision
    else after = middle
  }
}

async function eventIn(
  log: EventLog,
  stream: string,
  span: StreamSpan,
): Promise<RecordedEvent | undefined> {
  for await (const event of log.readStream(stream, { ...span, limit: 1 })) return event
  return undefined
}
