import type { ReplicatedService } from '../settings/replicas.ts'

/** One process of the cluster: how and when to start it, and how long it may take to stop. */
export type ProcessSpec = {
  name: string
  /** The service of which it is a replica; replicas are restarted one at a time. */
  replicaOf?: ReplicatedService
  command: string
  args: string[]
  env: Record<string, string>
  /** A configuration that it reads again at SIGHUP, so that a change does not require a restart. */
  rereads?: string
  /** A third-party program: its output stays in its log file. */
  isForeign?: true
  /** A file that it needs: it is started once the file exists, and restarted when the file has changed. */
  needsFile?: string
  /** Its health socket, where the process is one of ours. */
  healthSocket?: string
  stopTimeoutMs: number
  /** It is an Envoy: it is drained before it stops, and another one may take over from it while it runs. */
  handsOver?: {
    adminSocket: string
    /** The ports on which it accepts connections. */
    ports: number[]
    /** The file by which successive Envoys find each other; it outlives them. */
    sharedMemory: string
  }
  /** Run once after it has stopped for good, to remove what it set up on the machine. */
  takeDown?: string[]
}
