import { isRefusal } from '@reckon/kubernetes'
import type { NewEvent } from './event.ts'
import type { Appended, EventLog } from './event-log.ts'

/** The events, and the revision that they follow; −1 for a new stream. */
type Appending = { after: bigint; events: readonly NewEvent[] }

/**
 * Appends; repeats once with the same ids when the outcome is unknown, which is safe because the log records an id
 * once.
 */
export async function appendSurely(
  log: EventLog,
  stream: string,
  { after, events }: Appending,
): Promise<Appended> {
  const expected = after === -1n ? 'NoStream' : after
  try {
    return await log.append(stream, expected, events)
  } catch (unknown) {
    if (!isRefusal(unknown, 'Timeout')) throw unknown
    try {
      return await log.append(stream, expected, events)
    } catch (error) {
      // That the second attempt was not sent says nothing about the first.
      throw isRefusal(error, 'ServiceUnavailable') ? unknown : error
    }
  }
}
