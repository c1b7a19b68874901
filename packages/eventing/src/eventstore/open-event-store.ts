import type { EventLog } from '../event-log.ts'

export type EventStoreOptions = {
  /** The name of this connection in the store's own statistics. */
  name: string
  /** The longest that a call may take. */
  timeoutMs?: number
}

export async function openEventStore(
  connectionString: string,
  options: EventStoreOptions,
): Promise<EventLog> {
  throw new Error(`not yet: ${connectionString} ${options.name}`)
}
