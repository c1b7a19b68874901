export { backUpCluster } from './back-up-cluster.ts'
export { prepareCluster, removeCluster, stopCluster } from './cluster.ts'
export {
  type ClusterFile,
  nodeNames,
  type Runtime,
  readClusterFile,
} from './cluster-file.ts'
export { drainEnvoy } from './drain-envoy.ts'
export { type MachineFile, readMachineFile } from './joined/machine-file.ts'
export { chooseMachinePorts } from './joined/machine-ports.ts'
export { machineProcesses } from './joined/machine-processes.ts'
export { drawNodeRequest } from './joined/node-request.ts'
export { writeMachineFile } from './joined/write-machine-file.ts'
export { type Layout, layoutOf } from './layout.ts'
export { followLogs } from './log-follow.ts'
export { type NatsUser, natsConfiguration, natsUsers } from './nats-configuration.ts'
export { healthOf } from './process-health.ts'
export { eventStoreUrl, processList } from './process-list.ts'
export type { ProcessReporter } from './process-reporter.ts'
export type { ProcessSpec } from './process-spec.ts'
export { type Here, processesHere } from './processes-here.ts'
export { type Replicas, type ReplicatedService, replicatedServices } from './replicas.ts'
export { findProcess, formOf } from './running-process.ts'
export { type RequestedCluster, settleClusterFile } from './settle-cluster-file.ts'
export { supervise } from './supervise.ts'
export { alreadyUp, becomeSupervisor, endSupervisor, findSupervisor } from './supervisor-lock.ts'
export { natsUrl } from './wire-of-cluster.ts'
export { keepNatsConfiguration } from './wire-users.ts'
