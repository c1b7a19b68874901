import type { PodIdentity } from './pod-identity.ts'

/** CPU time since the start in seconds, and the current working set in bytes. */
export type Consumed = { cpuSeconds: number; memoryBytes: number }

/** The usage of one attempt of a container; times are in milliseconds since the Unix epoch. */
export type ContainerConsumed = Consumed & {
  id: string
  pod: PodIdentity
  container: string
  startedAtMs: number
  /** Only with the extent `AllCounts`. */
  counts?: ContainerCounts
}

/** Further kernel counts of a container, as far as available. */
export type ContainerCounts = {
  image: string
  /** The path of its cgroup. */
  cgroup: string
  usageBytes: number
  rssBytes: number
  cacheBytes: number
  swapBytes: number
  /** CPU periods with a limit, and those that were throttled. */
  periods?: { count: number; throttled: number; throttledSeconds: number }
  disks: readonly DiskCounts[]
}

/** I/O on one device, such as `/dev/sda`. */
export type DiskCounts = {
  device: string
  reads: number
  writes: number
  readBytes: number
  writtenBytes: number
}

/** Traffic in one direction. */
export type TrafficCounts = { bytes: number; packets: number; errors: number; dropped: number }

/** Traffic of a pod's own network. */
export type PodNetwork = {
  pod: PodIdentity
  sandboxId: string
  image: string
  interfaces: readonly { name: string; received: TrafficCounts; sent: TrafficCounts }[]
}

/**
 * The usage of the machine (absent where unknown) and of running containers, without sandboxes. `steadyMs` is the time
 * of measurement on a monotonic clock.
 */
export type RuntimeUsage = {
  steadyMs: number
  machine?: Consumed
  containers: readonly ContainerConsumed[]
  /** Of pods with a network of their own; only with the extent `AllCounts`. */
  networks?: readonly PodNetwork[]
}

/** Whether to read only what is needed regularly, or all that the kernel counts. */
export type UsageExtent = 'Consumed' | 'AllCounts'
