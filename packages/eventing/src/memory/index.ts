export * from './memory-bus.ts'
export * from './memory-clock.ts'
export * from './memory-event-log.ts'
export * from './memory-snapshots.ts'
