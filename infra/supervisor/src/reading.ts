// What a command needs to look at a cluster that is there: nothing of it loads what starts one.
export { readClusterFile } from './cluster-file.ts'
export { type Layout, layoutOf } from './layout.ts'
export { readOwnCluster } from './own-cluster.ts'
export { healthOf } from './process-health.ts'
export type { ProcessSpec } from './process-spec.ts'
export { processesHere } from './processes-here.ts'
export { findProcess } from './running-process.ts'
export { findSupervisor } from './supervisor-lock.ts'
