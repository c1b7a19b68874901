import type { Clock, EventLog, Ids, Reader } from '@reckon/eventing'
import type { WriterView } from './writer-view.ts'

/** The ports of a write: the log, time, ids, the writer's view, and a reader that can wait for the head of the log. */
export type WritePorts = {
  log: EventLog
  clock: Clock
  ids: Ids
  known: WriterView
  reader: Pick<Reader, 'waitForHead'>
}
