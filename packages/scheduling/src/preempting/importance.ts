import type { PlacedPod } from '../state/placed-pod.ts'

export const priorityOf = ({ equal }: PlacedPod): number => equal.traits.priority

/** Later than any time: a pod that has not started counts as younger than all that have. */
const never = '~'

/** RFC 3339, comparable as text. */
export const startOf = ({ startedAt = never }: PlacedPod): string => startedAt

/**
 * The more important pod first: by higher priority, then by earlier start; then by name, so that the order never
 * depends on the order of events.
 */
export function byImportance(a: PlacedPod, b: PlacedPod): number {
  const byPriority = priorityOf(b) - priorityOf(a)
  if (byPriority !== 0) return byPriority
  if (startOf(a) !== startOf(b)) return startOf(a) < startOf(b) ? -1 : 1
  return nameOf(a) < nameOf(b) ? -1 : 1
}

const nameOf = ({ namespace, name }: PlacedPod): string => `${namespace}/${name}`
