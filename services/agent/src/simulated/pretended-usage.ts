import type { WrittenBytes } from '../runtime/disk-space.ts'
import type { ContainerSpec, SeenContainer } from '../runtime/runtime.ts'
import type {
  ContainerConsumed,
  ContainerCounts,
  PodNetwork,
  RuntimeUsage,
} from '../runtime/runtime-usage.ts'

/** So much of what it asked for, or may have at most, a container uses all the time. */
const share = 0.5
/** Of memory, where it is not limited. */
const memoryBytesDefault = 16 * 2 ** 20
/** Of a limited container's processor time, as Docker divides it. */
const periodsPerSecond = 10
/** A packet each second comes, and one goes. */
const packetBytes = 64

type Running = {
  containers: readonly { seen: SeenContainer; spec: ContainerSpec; told: UseSoFar | undefined }[]
  /** Of pods that have a network of their own. */
  sandboxes: readonly SeenContainer[]
}

/**
 * What each container of a pod is told to use, where that is not what is pretended of all; on the disk, the pod as a
 * whole.
 */
export type PretendedUse = { cpuMillis?: number; memoryBytes?: number; writtenBytes?: number }

/** The same, with when the processor time was told. */
export type UseSoFar = Omit<PretendedUse, 'cpuMillis'> & { readonly cpu: readonly CpuFrom[] }
type CpuFrom = { fromMs: number; cpuMillis: number }

/** What a pod uses once it was told something more. Pure. */
export const useWith = (
  { cpu, ...before }: UseSoFar = { cpu: [] },
  { cpuMillis, ...use }: PretendedUse,
  nowMs: number,
): UseSoFar => ({
  ...before,
  ...use,
  cpu: cpuMillis === undefined ? cpu : [...cpu, { fromMs: nowMs, cpuMillis }],
})

/**
 * Containers use half of the processor time that they asked for, and half of the memory that they may have, or what
 * they were told to, nothing of the disk, and are never held up; a packet a second comes to each pod and goes from it;
 * the machine uses what they do. Pure.
 */
export function pretendedUsage(running: Running, nowMs: number): RuntimeUsage {
  const containers = running.containers.map(({ seen, spec, told }): ContainerConsumed => {
    const { id, pod, container, startedAtMs = nowMs } = seen
    const { cpuShares, memoryBytesMax = memoryBytesDefault / share } = spec.limits
    const usual = { fromMs: startedAtMs, cpuMillis: (cpuShares / 1024) * share * 1000 }
    const cpuSeconds = cpuSecondsOf([usual, ...(told?.cpu ?? [])], { startedAtMs, nowMs })
    const memoryBytes = told?.memoryBytes ?? memoryBytesMax * share
    const seconds = (nowMs - startedAtMs) / 1000
    const counts = pretendedCounts(seen, spec, { memoryBytes, seconds })
    return { id, pod, container, startedAtMs, cpuSeconds, memoryBytes, counts }
  })
  const sum = (of: (each: ContainerConsumed) => number) =>
    containers.reduce((all, each) => all + of(each), 0)
  const machine = {
    cpuSeconds: sum(({ cpuSeconds }) => cpuSeconds),
    memoryBytes: sum(({ memoryBytes }) => memoryBytes),
  }
  const networks = running.sandboxes.map((seen) => pretendedNetwork(seen, nowMs))
  return { steadyMs: nowMs, machine, containers, networks }
}

/** What a pod is told to have written its newest container has. Pure. */
export function pretendedWrites(
  seen: readonly SeenContainer[],
  told: ReadonlyMap<string, UseSoFar>,
): readonly WrittenBytes[] {
  const newest = new Map(seen.map(({ id, pod }) => [pod.uid, id]))
  return seen.map(({ id, container, pod: { uid: podUid } }) => {
    const bytes = newest.get(podUid) === id ? (told.get(podUid)?.writtenBytes ?? 0) : 0
    return { podUid, container, bytes }
  })
}

function pretendedCounts(
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

function pretendedNetwork(
  { id, pod, image, startedAtMs }: SeenContainer,
  nowMs: number,
): PodNetwork {
  const packets = Math.floor((nowMs - (startedAtMs ?? nowMs)) / 1000)
  const way = { bytes: packets * packetBytes, packets, errors: 0, dropped: 0 }
  return { pod, sandboxId: id, image, interfaces: [{ name: 'eth0', received: way, sent: way }] }
}

/** Each rate holds until the next one was told. */
const cpuSecondsOf = (
  rates: readonly CpuFrom[],
  { startedAtMs, nowMs }: { startedAtMs: number; nowMs: number },
): number =>
  rates.reduce((seconds, { fromMs, cpuMillis }, index) => {
    const untilMs = rates[index + 1]?.fromMs ?? nowMs
    const ms = Math.max(startedAtMs, untilMs) - Math.max(startedAtMs, fromMs)
    return seconds + (cpuMillis * ms) / 1e6
  }, 0)
