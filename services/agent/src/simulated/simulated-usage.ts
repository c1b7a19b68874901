import type { WrittenBytes } from '../runtime/disk-space.ts'
import type { ContainerSpec, SeenContainer } from '../runtime/runtime.ts'
import type {
  ContainerConsumed,
  ContainerCounts,
  PodNetwork,
  RuntimeUsage,
} from '../runtime/runtime-usage.ts'

/** The share of its requests or limits that a container uses. */
const share = 0.5
/** The memory usage of a container without a limit. */
const memoryBytesDefault = 16 * 2 ** 20
/** CPU periods per second, as Docker's default. */
const periodsPerSecond = 10
/** One packet per second in each direction. */
const packetBytes = 64

type Running = {
  containers: readonly { seen: SeenContainer; spec: ContainerSpec; told: UseSoFar | undefined }[]
  /** Sandboxes with a network of their own. */
  sandboxes: readonly SeenContainer[]
}

/** A usage that was set for each container of a pod (on the disk, for the pod as a whole) instead of the default. */
export type SimulatedUse = { cpuMillis?: number; memoryBytes?: number; writtenBytes?: number }

/** The same, with the times at which CPU usage was set. */
export type UseSoFar = Omit<SimulatedUse, 'cpuMillis'> & { readonly cpu: readonly CpuFrom[] }
type CpuFrom = { fromMs: number; cpuMillis: number }

/** The usage after another setting. Pure. */
export const useWith = (
  { cpu, ...before }: UseSoFar = { cpu: [] },
  { cpuMillis, ...use }: SimulatedUse,
  nowMs: number,
): UseSoFar => ({
  ...before,
  ...use,
  cpu: cpuMillis === undefined ? cpu : [...cpu, { fromMs: nowMs, cpuMillis }],
})

/**
 * Simulated usage: containers use half of the CPU that they requested and half of their memory limit, or what was set
 * for them; nothing on the disk; they are never throttled. Each pod sends and receives a packet per second; the
 * machine's usage is their sum. Pure.
 */
export function simulatedUsage(running: Running, nowMs: number): RuntimeUsage {
  const containers = running.containers.map(({ seen, spec, told }): ContainerConsumed => {
    const { id, pod, container, startedAtMs = nowMs } = seen
    const { cpuShares, memoryBytesMax = memoryBytesDefault / share } = spec.limits
    const usual = { fromMs: startedAtMs, cpuMillis: (cpuShares / 1024) * share * 1000 }
    const cpuSeconds = cpuSecondsOf([usual, ...(told?.cpu ?? [])], { startedAtMs, nowMs })
    const memoryBytes = told?.memoryBytes ?? memoryBytesMax * share
    const seconds = (nowMs - startedAtMs) / 1000
    const counts = simulatedCounts(seen, spec, { memoryBytes, seconds })
    return { id, pod, container, startedAtMs, cpuSeconds, memoryBytes, counts }
  })
  const sum = (of: (each: ContainerConsumed) => number) =>
    containers.reduce((all, each) => all + of(each), 0)
  const machine = {
    cpuSeconds: sum(({ cpuSeconds }) => cpuSeconds),
    memoryBytes: sum(({ memoryBytes }) => memoryBytes),
  }
  const networks = running.sandboxes.map((seen) => simulatedNetwork(seen, nowMs))
  return { steadyMs: nowMs, machine, containers, networks }
}

/** The bytes written that were set for a pod, attributed to its newest container. Pure. */
export function simulatedWrites(
  seen: readonly SeenContainer[],
  told: ReadonlyMap<string, UseSoFar>,
): readonly WrittenBytes[] {
  const newest = new Map(seen.map(({ id, pod }) => [pod.uid, id]))
  return seen.map(({ id, container, pod: { uid: podUid } }) => {
    const bytes = newest.get(podUid) === id ? (told.get(podUid)?.writtenBytes ?? 0) : 0
    return { podUid, container, bytes }
  })
}

function simulatedCounts(
  { id, image }: SeenContainer,
  { limits }: ContainerSpec,
  { memoryBytes, seconds }: { memoryBytes: number; seconds: number },
): ContainerCounts {
  const count = Math.floor(seconds * periodsPerSecond)
  return {
    image,
    cgroup: `/simulated/${id}`,
    usageBytes: memoryBytes,
    rssBytes: memoryBytes,
    cacheBytes: 0,
    swapBytes: 0,
    ...(limits.cpuMillisMax && { periods: { count, throttled: 0, throttledSeconds: 0 } }),
    disks: [{ device: '/dev/sda', reads: 0, writes: 0, readBytes: 0, writtenBytes: 0 }],
  }
}

function simulatedNetwork(
  { id, pod, image, startedAtMs }: SeenContainer,
  nowMs: number,
): PodNetwork {
  const packets = Math.floor((nowMs - (startedAtMs ?? nowMs)) / 1000)
  const way = { bytes: packets * packetBytes, packets, errors: 0, dropped: 0 }
  return { pod, sandboxId: id, image, interfaces: [{ name: 'eth0', received: way, sent: way }] }
}

/** Each rate applies until the next one was set. */
const cpuSecondsOf = (
  rates: readonly CpuFrom[],
  { startedAtMs, nowMs }: { startedAtMs: number; nowMs: number },
): number =>
  rates.reduce((seconds, { fromMs, cpuMillis }, index) => {
    const untilMs = rates[index + 1]?.fromMs ?? nowMs
    const ms = Math.max(startedAtMs, untilMs) - Math.max(startedAtMs, fromMs)
    return seconds + (cpuMillis * ms) / 1e6
  }, 0)
