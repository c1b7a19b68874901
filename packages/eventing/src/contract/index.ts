export * from './bus-contract.ts'
export { contractUsers } from './bus-permissions-contract.ts'
export * from './clock-contract.ts'
export * from './event-log-contract.ts'
