import type { Thresholds } from './eviction/threshold.ts'
import type { ImageLimits } from './images/image-limits.ts'

/** The configuration of an agent. */
export type AgentConfiguration = {
  nodeName: string
  clusterId: string
  /** The machine's address, if it has one; called each time, because it may change. */
  nodeIP?(): string | undefined
  /** Another node has the machine's address: this one uses the first address of its own pod range. */
  sharesMachine?: boolean
  /** The ids of the machine and of its last boot. */
  machineId: string
  machineBootId: string
  /** The machine's pages of each huge size, in bytes: `hugepages-2Mi`. */
  hugePages?: Readonly<Record<string, number>>
  pauseImage: string
  /** The memory for its pods, where that is not all of the machine's. */
  memoryBytes?: number
  /** How much memory and disk must be left; without it, no pod is evicted for them. */
  evictionThresholds?: Thresholds
  /** How long a pressure condition lasts at least. */
  evictionTransitionMs?: number
  /** The disk usage above which images are removed, and the one to reach; a kubelet's by default. */
  imageLimits?: ImageLimits
  /** Whether stopping the agent ends this node's containers; the next start starts them again. */
  stopPodsOnExit: boolean
}
