import type { PlacedPod } from '../state/placed-pod.ts'

export const priorityOf = ({ equal }: PlacedPod): number => equal.traits.priority

/** Later than any moment: a pod that has not started is younger than all that have. */
const never = '~'

/** RFC 3339, comparable as text. */
export const startOf = ({ startedAt = never }: PlacedPod): string => startedAt

/**
 * The more important first: the higher priority, then who has run longer; then by name, so that it never depends on
 * history.
 */
export function byImportance(a: PlacedPod, b: PlacedPod): number {
  const byPriority = priorityOf(b) - priorityOf(a)
  if (byPriority !== 0) return byPriority
  if (startOf(a) !== startOf(b)) return startOf(a) < startOf(b) ? -1 : 1
  return nameOf(a) < nameOf(b) ? -1 : 1
}

const nameOf = ({ namespace, name }: PlacedPod): string => `${namespace}/${name}`
