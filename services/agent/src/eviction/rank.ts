import { type Pod, podRequests } from '@reckon/kubernetes'
import { isCritical } from '../pods/is-critical.ts'
import type { RuntimeUsage } from '../runtime/runtime-usage.ts'

/** A pod that runs here, and the memory that it uses and has asked for. */
export type Candidate = { pod: Pod; usedBytes: number; requestedBytes: number }

/**
 * Which pod has to go first where memory is short; undefined where none may. As a kubelet's `rankMemoryPressure`: who uses
 * more than it has asked for, then the lowest priority, then who is furthest above. Pure.
 */
export function firstToEvict(pods: readonly Pod[], usage: RuntimeUsage): Candidate | undefined {
  return candidatesAmong(pods, usage).toSorted(
    (a, b) =>
      Number(excessOf(b) > 0) - Number(excessOf(a) > 0) ||
      priorityOf(a.pod) - priorityOf(b.pod) ||
      excessOf(b) - excessOf(a),
  )[0]
}

function candidatesAmong(pods: readonly Pod[], { containers }: RuntimeUsage): Candidate[] {
  const used = new Map<string, number>()
  for (const { pod, memoryBytes } of containers) {
    used.set(pod.uid, (used.get(pod.uid) ?? 0) + memoryBytes)
  }
  return pods.flatMap((pod) => {
    const usedBytes = used.get(pod.metadata.uid ?? '')
    if (usedBytes === undefined || isCritical(pod)) return []
    return [{ pod, usedBytes, requestedBytes: podRequests(pod).memory ?? 0 }]
  })
}

const priorityOf = ({ spec }: Pod): number => spec.priority ?? 0
const excessOf = ({ usedBytes, requestedBytes }: Candidate): number => usedBytes - requestedBytes
