import type { PodIdentity } from './pod-identity.ts'

/**
 * Processor time since it began, in seconds; and memory that cannot be freed when it is needed (the working set), as it
 * is now.
 */
export type Consumed = { cpuSeconds: number; memoryBytes: number }

/** What one attempt of a container has consumed; times are in milliseconds since the Unix epoch. */
export type ContainerConsumed = Consumed & {
  id: string
  pod: PodIdentity
  container: string
  startedAtMs: number
  /** Only where all counts were asked for. */
  counts?: ContainerCounts
}

/** What else the kernel counts of a container, as far as it does. */
export type ContainerCounts = {
  image: string
  /** The path of its group of processes. */
  cgroup: string
  usageBytes: number
  rssBytes: number
  cacheBytes: number
  swapBytes: number
  /** The periods in which its processor time was limited, and those in which it was held up. */
  periods?: { count: number; throttled: number; throttledSeconds: number }
  disks: readonly DiskCounts[]
}

/** What was read from and written to one device: `/dev/sda`. */
export type DiskCounts = {
  device: string
  reads: number
  writes: number
  readBytes: number
  writtenBytes: number
}

/** One way through an interface. */
export type TrafficCounts = { bytes: number; packets: number; errors: number; dropped: number }

/** What a pod has received and sent by its own network. */
export type PodNetwork = {
  pod: PodIdentity
  sandboxId: string
  image: string
  interfaces: readonly { name: string; received: TrafficCounts; sent: TrafficCounts }[]
}

/**
 * What the machine and the running containers have consumed, sandboxes left out; the machine's is absent where it is
 * not known. `steadyMs` is when it was read, by a clock that nobody sets: from whenever, it only grows.
 */
export type RuntimeUsage = {
  steadyMs: number
  machine?: Consumed
  containers: readonly ContainerConsumed[]
  /** Of pods that have a network of their own; only where all counts were asked for. */
  networks?: readonly PodNetwork[]
}

/** Whether only what is needed all the time is read, or all that the kernel counts. */
export type UsageExtent = 'Consumed' | 'AllCounts'
