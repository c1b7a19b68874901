export * from './open-event-store.ts'
