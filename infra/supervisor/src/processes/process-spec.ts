import type { ReplicatedService } from '../settings/replicas.ts'

/** One process of the cluster: how it is started, when it may be, and how long it has to stop. */
export type ProcessSpec = {
  name: string
  /** The service of which it is one of several; they are started anew one at a time. */
  replicaOf?: ReplicatedService
  command: string
  args: string[]
  env: Record<string, string>
  /** Its configuration, which it reads again at SIGHUP: a change of it is no reason to start it anew. */
  rereads?: string
  /** A program that is not ours: what it says stays in its log file. */
  isForeign?: true
  /** What it is started with: not before the file exists, and anew when it has changed. */
  needsFile?: string
  /** Answers for its health, where the process is one of ours. */
  healthSocket?: string
  stopTimeoutMs: number
  /** It is an Envoy: before it stops it answers what it was asked, and another may take over from it while it runs. */
  handsOver?: {
    adminSocket: string
    /** Where it takes connections. */
    ports: number[]
    /** The file by which they find each other; it outlives them. */
    sharedMemory: string
  }
  /** Run once after it has stopped for good: what it set up on the machine is taken down. */
  takeDown?: string[]
}
