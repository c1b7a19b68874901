import {
  type ContainerUsage,
  type NodeUsage,
  type PodUsage,
  type Usage,
  usageWindowMsMax,
} from '@reckon/node-plane'
import type { Consumed, ContainerConsumed, RuntimeUsage } from '../runtime/runtime-usage.ts'

/** A reading with its wall-clock time, in milliseconds since the Unix epoch. */
export type Reading = RuntimeUsage & { readAtMs: number }

/**
 * Usage from two readings; for a container that the earlier one lacks, since it started. Without an earlier one the
 * machine's is absent, and so is a container's until its window is long enough. Pure.
 */
export function usageBetween(before: Reading | undefined, now: Reading): NodeUsage {
  const earlier = new Map(before?.containers.map((each) => [each.id, each]))
  const pods = new Map<string, PodUsage>()
  for (const container of now.containers) {
    const known = earlier.get(container.id)
    const windowMs = Math.round(
      known && before ? now.steadyMs - before.steadyMs : now.readAtMs - container.startedAtMs,
    )
    if (!tells(windowMs)) continue
    const used = usageIn(container, known, windowMs)
    const { uid } = container.pod
    pods.set(uid, joined(pods.get(uid), container, { windowMs, used }))
  }
  const { machine } = now
  const told = { pods: [...pods.values()] }
  if (machine === undefined || before?.machine === undefined) return told
  const windowMs = Math.round(now.steadyMs - before.steadyMs)
  if (!tells(windowMs)) return told
  const node = { ...usageIn(machine, before.machine, windowMs), windowMs }
  return { node, ...told }
}

/** Whether a window is usable: not empty, not negative because of the clock, and not too long. */
const tells = (windowMs: number): boolean => windowMs > 0 && windowMs <= usageWindowMsMax

/** A counter that is lower than before was reset. */
function usageIn(now: Consumed, before: Consumed | undefined, windowMs: number): Usage {
  const spent = now.cpuSeconds - (before?.cpuSeconds ?? 0)
  const cpuSeconds = spent < 0 ? now.cpuSeconds : spent
  const cpuNanocores = Math.round((cpuSeconds * 1e12) / windowMs)
  return { cpuNanocores, memoryBytes: Math.round(now.memoryBytes) }
}

function joined(
  pod: PodUsage | undefined,
  { container: name, pod: { uid } }: ContainerConsumed,
  { windowMs, used }: { windowMs: number; used: Usage },
): PodUsage {
  const own: ContainerUsage = { name, ...used }
  if (pod === undefined) return { uid, windowMs, containers: [own] }
  const containers = [...pod.containers, own]
  return { uid, windowMs: Math.min(pod.windowMs, windowMs), containers }
}
