import type { Bus } from '../bus/bus.ts'
import type { Clock } from '../clock.ts'
import type { Ids } from '../ids.ts'
import type { EventLog } from '../log/event-log.ts'
import type { Reader } from '../reading/reader.ts'

/** The ports of a candidate, and of the holder of a term. */
export type CandidatePorts = {
  log: EventLog
  bus: Bus
  clock: Clock
  ids: Ids
  /** Reports newer terms. */
  reader: Pick<Reader, 'subscribe'>
}
