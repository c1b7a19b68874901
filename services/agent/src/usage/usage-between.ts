import {
  type ContainerUsage,
  type NodeUsage,
  type PodUsage,
  type Usage,
  usageWindowMsMax,
} from '@reckon/node-plane'
import type { Consumed, ContainerConsumed, RuntimeUsage } from '../runtime/runtime-usage.ts'

/** A reading, and when it was taken by the machine's clock, in milliseconds since the Unix epoch. */
export type Reading = RuntimeUsage & { readAtMs: number }

/**
 * What is used, by two readings: of a container that the earlier one has not yet, since it was started. The machine's
 * is absent without an earlier one, a container until its window says something. Pure.
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

/**
 * Nothing can be said of two readings of one moment, nor of a start that the clock says is yet to come, or long past.
 */
const tells = (windowMs: number): boolean => windowMs > 0 && windowMs <= usageWindowMsMax

/** A counter that is lower than it was has begun anew. */
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
