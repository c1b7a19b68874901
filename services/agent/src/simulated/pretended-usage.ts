import type { ContainerSpec, SeenContainer } from '../runtime/runtime.ts'
import type { ContainerConsumed, RuntimeUsage } from '../runtime/runtime-usage.ts'

/** So much of what it asked for, or may have at most, a container uses all the time. */
const share = 0.5
/** Of memory, where it is not limited. */
const memoryBytesDefault = 16 * 2 ** 20

/**
 * Containers use half of the processor time that they asked for, and half of the memory that they may have; the machine
 * what they do. Pure.
 */
export function pretendedUsage(
  running: readonly { seen: SeenContainer; spec: ContainerSpec }[],
  nowMs: number,
): RuntimeUsage {
  const containers = running.map(({ seen, spec }): ContainerConsumed => {
    const { id, pod, container, startedAtMs = nowMs } = seen
    const { cpuShares, memoryBytesMax = memoryBytesDefault / share } = spec.limits
    const cpuSeconds = ((cpuShares / 1024) * share * (nowMs - startedAtMs)) / 1000
    return { id, pod, container, startedAtMs, cpuSeconds, memoryBytes: memoryBytesMax * share }
  })
  const sum = (of: (each: ContainerConsumed) => number) =>
    containers.reduce((all, each) => all + of(each), 0)
  const machine = {
    cpuSeconds: sum(({ cpuSeconds }) => cpuSeconds),
    memoryBytes: sum(({ memoryBytes }) => memoryBytes),
  }
  return { steadyMs: nowMs, machine, containers }
}
