import { join } from 'node:path'

/** Where the files of a one-machine cluster are: everything is below `dataDir`, nothing elsewhere. */
export type Layout = ReturnType<typeof layoutOf>

export const layoutOf = (dataDir: string) => ({
  dataDir,
  /** The cluster file: what was decided at the first start (id, ports, nodes). */
  clusterFile: join(dataDir, 'cluster.json'),
  /** For a machine that has joined a cluster elsewhere: which one, and as which node. */
  machineFile: join(dataDir, 'machine.json'),
  /** For such a machine: the node's key and certificate, in one file. */
  nodeCredentials: join(dataDir, 'certificates', 'node.pem'),
  kubeconfig: join(dataDir, 'kubeconfig'),
  /** The supervisor's pid; also the lock that there is only one. */
  supervisorPid: join(dataDir, 'run', 'supervisor.pid'),
  /**
   * Which nodes of other machines have access to the wire: the replicator writes it, the supervisor makes NATS users of
   * it.
   */
  joinedNodes: join(dataDir, 'nats', 'joined-nodes.json'),
  natsConfiguration: join(dataDir, 'nats', 'nats-server.conf'),
  eventStore: join(dataDir, 'event-store'),
  envoy: join(dataDir, 'envoy'),
  certificate: (name: string) => join(dataDir, 'certificates', `${name}.crt`),
  key: (name: string) => join(dataDir, 'certificates', `${name}.key`),
  /** A process' own folder: snapshots, volumes of pods. */
  processData: (name: string) => join(dataDir, 'processes', name),
  healthSocket: (name: string) => join(dataDir, 'run', `${name}.sock`),
  pidFile: (name: string) => join(dataDir, 'run', `${name}.pid`),
  logFile: (name: string) => join(dataDir, 'logs', `${name}.log`),
})
