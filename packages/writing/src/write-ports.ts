import type { Objects } from '@reckon/domain'
import type { Clock, EventLog, Ids } from '@reckon/eventing'

/** What a write needs: the log, time, ids, and the caller's own view of the objects. */
export type WritePorts = { log: EventLog; clock: Clock; ids: Ids; objects: Objects }
