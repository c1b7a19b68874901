export type { Durability } from './database.ts'
export { type EventStoreRun, eventStoreUsage, runEventStore } from './run-event-store.ts'
export {
  type EventStoreServer,
  type EventStoreServerOptions,
  openEventStoreServer,
} from './server.ts'
