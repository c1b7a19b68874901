import type { Pod } from '@reckon/kubernetes'

/** `system-cluster-critical`'s. */
const criticalPriority = 2_000_000_000

/** Whether its cluster needs the pod: a node that is short of something keeps it, and takes it, all the same. */
export const isCritical = ({ spec }: Pod): boolean => (spec.priority ?? 0) >= criticalPriority
