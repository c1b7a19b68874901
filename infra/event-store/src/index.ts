export { copyLog } from './copying/copy-log.ts'
export { openEventStoreServer } from './serving/server.ts'
