import type { Bus } from '../bus/bus.ts'
import type { Clock } from '../clock.ts'
import type { Ids } from '../ids.ts'
import type { EventLog } from '../log/event-log.ts'
import type { Reader } from '../reading/reader.ts'

/** What it takes to be a candidate, and the holder of a term. */
export type CandidatePorts = {
  log: EventLog
  bus: Bus
  clock: Clock
  ids: Ids
  /** Tells of newer terms. */
  reader: Pick<Reader, 'subscribe'>
}
