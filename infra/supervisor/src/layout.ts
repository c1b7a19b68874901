import { join } from 'node:path'

/** Where a one-machine cluster keeps what. Everything below `dataDir`; nothing elsewhere. */
export type Layout = ReturnType<typeof layoutOf>

export const layoutOf = (dataDir: string) => ({
  dataDir,
  /** What was decided when the cluster was first started: id, ports, nodes. */
  clusterFile: join(dataDir, 'cluster.json'),
  /** Of a machine that has joined a cluster elsewhere: which, and as what. */
  machineFile: join(dataDir, 'machine.json'),
  /** Of such a machine: the node's key and certificate, in one file. */
  nodeCredentials: join(dataDir, 'certificates', 'node.pem'),
  kubeconfig: join(dataDir, 'kubeconfig'),
  /** The supervisor's own pid and the lock that there is one. */
  supervisorPid: join(dataDir, 'run', 'supervisor.pid'),
  /** Which nodes of other machines are let onto the wire: the replicator says so, the supervisor makes them users. */
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
