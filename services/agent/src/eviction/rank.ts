import { type Pod, podRequests } from '@reckon/kubernetes'
import { isCritical } from '../pods/is-critical.ts'
import type { RuntimeUsage } from '../runtime/runtime-usage.ts'
import type { Scarce } from './shortage.ts'

/** A pod that runs here, and what it uses and has asked for of what is short. */
export type Candidate = { pod: Pod; usedBytes: number; requestedBytes: number }

/** What pods use of it, in bytes, by their uids. */
export type UsedBytes = ReadonlyMap<string, number>

/**
 * Which pod has to go first where something is short; undefined where none may. As a kubelet's `rankMemoryPressure` and
 * `rankDiskPressureFunc`: who uses more than it has asked for, then the lowest priority, then who is furthest above.
 * Pure.
 */
export function firstToEvict(
  pods: readonly Pod[],
  used: UsedBytes,
  scarce: Scarce,
): Candidate | undefined {
  return pods
    .flatMap((pod): Candidate[] => {
      const usedBytes = used.get(pod.metadata.uid ?? '')
      if (usedBytes === undefined || isCritical(pod)) return []
      return [{ pod, usedBytes, requestedBytes: podRequests(pod)[scarce] ?? 0 }]
    })
    .toSorted(
      (a, b) =>
        Number(excessOf(b) > 0) - Number(excessOf(a) > 0) ||
        priorityOf(a.pod) - priorityOf(b.pod) ||
        excessOf(b) - excessOf(a),
    )[0]
}

/** What pods use of the memory. */
export function memoryUsed({ containers }: RuntimeUsage): UsedBytes {
  const used = new Map<string, number>()
  for (const { pod, memoryBytes } of containers) {
    used.set(pod.uid, (used.get(pod.uid) ?? 0) + memoryBytes)
  }
  return used
}

const priorityOf = ({ spec }: Pod): number => spec.priority ?? 0
const excessOf = ({ usedBytes, requestedBytes }: Candidate): number => usedBytes - requestedBytes
