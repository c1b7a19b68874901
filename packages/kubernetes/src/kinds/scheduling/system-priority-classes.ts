import type { PriorityClass } from '../../object.ts'

const classOf = (name: string, value: number, description: string): PriorityClass => ({
  apiVersion: 'scheduling.k8s.io/v1',
  kind: 'PriorityClass',
  metadata: { name },
  value,
  description,
  preemptionPolicy: 'PreemptLowerPriority',
})

/** The classes that every cluster has, as upstream. */
export const systemPriorityClasses: readonly PriorityClass[] = [
  classOf(
    'system-node-critical',
    2_000_001_000,
    'Used for system critical pods that must not be moved from their current node.',
  ),
  classOf(
    'system-cluster-critical',
    2_000_000_000,
    'Used for system critical pods that must run in the cluster, but can be moved to another node if necessary.',
  ),
]

/** Whether this is one of them and as it has to be. */
export const isSystemPriorityClass = ({ metadata, value, globalDefault }: PriorityClass): boolean =>
  systemPriorityClasses.some(
    (each) => each.metadata.name === metadata.name && each.value === value && !globalDefault,
  )
