import { isRefusal } from '@reckon/kubernetes'
import type { NewEvent } from './event.ts'
import type { Appended, EventLog } from './event-log.ts'

/** Events, and the revision after which they shall stand: −1 is that of no stream. */
type Appending = { after: bigint; events: readonly NewEvent[] }

/** Appends; asks again with the same ids when the outcome is unknown, for the log records them once. */
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
      // That the second was surely not sent says nothing about the first.
      throw isRefusal(error, 'ServiceUnavailable') ? unknown : error
    }
  }
}
