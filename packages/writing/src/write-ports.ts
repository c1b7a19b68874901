import type { Clock, EventLog, Ids, Reader } from '@reckon/eventing'
import type { Known } from './known.ts'

/** What a write needs: the log, time, ids, what its process knows, and how that comes to the head of the log. */
export type WritePorts = {
  log: EventLog
  clock: Clock
  ids: Ids
  known: Known
  reader: Pick<Reader, 'waitForHead'>
}
