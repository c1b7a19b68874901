export * from './bus-contract.ts'
export * from './event-log-contract.ts'
