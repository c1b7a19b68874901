export type { Durability } from './database.ts'
export { type EventStoreRun, eventStoreUsage, serveEventStore } from './serve-event-store.ts'
export {
  type EventStoreServer,
  type EventStoreServerOptions,
  openEventStoreServer,
} from './server.ts'
