import type { RecordedEvent } from './event.ts'
import type { EventLog } from './event-log.ts'

type Moment = {
  position: bigint
  /** The stream's last event, if known; any event after the position will do. */
  newest?: Pick<RecordedEvent, 'revision' | 'position'> | undefined
}

/** So many events around a guess are read together. */
const windowEvents = 16
/** After so many reads the stream is halved instead: its events are too unevenly spread over the log. */
const guessesMax = 3

/** A place in a stream, and where in the log it is. */
type Place = Pick<RecordedEvent, 'revision' | 'position'>
const beginning: Place = { revision: -1n, position: -1n }

/**
 * The last revision that a stream had at a position of the log; undefined where it had none, or where the log has
 * removed it since. It is looked for where it would be if the stream had grown evenly with the log, then by bisection.
 */
export async function revisionAt(
  log: EventLog,
  stream: string,
  { position, newest: known }: Moment,
): Promise<bigint | undefined> {
  const newest = known ?? (await newestIn(log, stream))
  if (newest === undefined || newest.position <= position) return newest?.revision
  let [before, after]: [Place, Place] = [beginning, newest]
  for (let reads = 0; before.revision + 1n < after.revision; reads++) {
    const span = spanToRead(before, after, { position, reads })
    let next = span.from
    for await (const event of log.readStream(stream, span)) {
      if (event.position > position) {
        // If the beginning of the stream was removed, this may be a later event: there is none between.
        after = { revision: next, position: event.position }
        break
      }
      before = event
      next = event.revision + 1n
    }
    // All from there on were removed.
    if (next === span.from && next < after.revision) after = { ...after, revision: next }
  }
  return before === beginning ? undefined : before.revision
}

/** What to read next between two places, of which neither has to be read again. */
function spanToRead(
  before: Place,
  after: Place,
  { position, reads }: { position: bigint; reads: number },
): { from: bigint; limit: number } {
  const lowest = before.revision + 1n
  const count = after.revision - lowest
  if (count <= windowEvents) return { from: lowest, limit: Number(count) }
  // Most streams begin later than the log.
  if (reads === 1 && before === beginning) return { from: lowest, limit: 1 }
  if (reads >= guessesMax) return { from: lowest + count / 2n, limit: 1 }
  const share = (count * (position - before.position)) / (after.position - before.position)
  const size = BigInt(windowEvents)
  const begin = share - size / 2n
  const highest = count - size
  const within = begin < 0n ? 0n : begin > highest ? highest : begin
  return { from: lowest + within, limit: windowEvents }
}

async function newestIn(log: EventLog, stream: string): Promise<RecordedEvent | undefined> {
  const span = { direction: 'backwards', limit: 1 } as const
  for await (const event of log.readStream(stream, span)) return event
  return undefined
}
