import type { Pod } from '@reckon/kubernetes'

/** The priority of `system-cluster-critical`. */
const criticalPriority = 2_000_000_000

/** Whether the pod is critical to the cluster: a node under pressure keeps and admits it all the same. */
export const isCritical = ({ spec }: Pod): boolean => (spec.priority ?? 0) >= criticalPriority
