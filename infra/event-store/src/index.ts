export { openEventStoreServer } from './serving/server.ts'
