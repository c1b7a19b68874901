export {
  type EventStoreRun,
  eventStoreUsage,
  serveEventStore,
} from './serving/serve-event-store.ts'
export {
  type EventStoreServer,
  type EventStoreServerOptions,
  openEventStoreServer,
} from './serving/server.ts'
export type { Durability } from './storage/database.ts'
