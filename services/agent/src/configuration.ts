import type { Thresholds } from './eviction/threshold.ts'
import type { ImageLimits } from './images/image-limits.ts'

/** What an agent is told when it starts. */
export type AgentConfiguration = {
  nodeName: string
  clusterId: string
  /**
   * The address under which the machine is reached, where it has one; it is asked each time, for it may get another.
   */
  nodeIP?(): string | undefined
  /** Another node has the machine's address: this one is reached under the first of its own pods' range. */
  sharesMachine?: boolean
  /** The machine's own ids: of itself, and of the time since it was last started. */
  machineId: string
  machineBootId: string
  /** The machine's pages of each huge size, in bytes: `hugepages-2Mi`. */
  hugePages?: Readonly<Record<string, number>>
  pauseImage: string
  /** The memory that its pods may use together, where that is not all of the machine's. */
  memoryBytes?: number
  /** So much must be left of memory and disk; absent: nobody is ever evicted for them. */
  evictionThresholds?: Thresholds
  /** So long the node goes on to say that it is short of something. */
  evictionTransitionMs?: number
  /** Between which shares of the disk images are removed; absent: a kubelet's. */
  imageLimits?: ImageLimits
  /** Ends this node's containers when the agent is told to stop; the next start starts them again. */
  stopPodsOnExit: boolean
}
