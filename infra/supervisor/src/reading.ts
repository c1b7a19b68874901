// What a command needs to inspect an existing cluster, without loading what starts one.

export { type Layout, layoutOf } from './layout.ts'
export { noClusterIn, readOwnCluster } from './own-cluster.ts'
export { healthOf } from './processes/process-health.ts'
export type { ProcessSpec } from './processes/process-spec.ts'
export { processesHere } from './processes/processes-here.ts'
export { findProcess } from './processes/running-process.ts'
export { readClusterFile } from './settings/cluster-file.ts'
export { findSupervisor } from './supervisor-lock.ts'
