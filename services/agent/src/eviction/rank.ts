import { type Pod, podRequests } from '@reckon/kubernetes'
import { isCritical } from '../pods/is-critical.ts'
import type { RuntimeUsage } from '../runtime/runtime-usage.ts'
import type { Scarce } from './shortage.ts'

/** A running pod, with its usage and requests of the scarce resource. */
export type Candidate = { pod: Pod; usedBytes: number; requestedBytes: number }

/** Usage in bytes by pod uid. */
export type UsedBytes = ReadonlyMap<string, number>

/**
 * The pod to evict first; undefined where none may be. As a kubelet's `rankMemoryPressure` and `rankDiskPressureFunc`:
 * pods above their requests, then by lowest priority, then by largest excess. Pure.
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

/** The memory used by each pod. */
export function memoryUsed({ containers }: RuntimeUsage): UsedBytes {
  const used = new Map<string, number>()
  for (const { pod, memoryBytes } of containers) {
    used.set(pod.uid, (used.get(pod.uid) ?? 0) + memoryBytes)
  }
  return used
}

const priorityOf = ({ spec }: Pod): number => spec.priority ?? 0
const excessOf = ({ usedBytes, requestedBytes }: Candidate): number => usedBytes - requestedBytes
