import {
  conditionOf,
  type Node,
  type NodeCondition,
  nodeNotReadyReason,
  type Pod,
} from '@reckon/kubernetes'

/** The conditions that an agent reports; they become Unknown when it is silent. */
const reported = ['Ready', 'MemoryPressure', 'DiskPressure', 'PIDPressure']

/** The status of a node whose agent is silent, in upstream's words. Pure. */
export function unreachableStatus({ status = {} }: Node, now: string): NonNullable<Node['status']> {
  const unknown = (type: string): NodeCondition => {
    const before = conditionOf(status, type)
    if (before?.status === 'Unknown') return before
    return {
      type,
      status: 'Unknown',
      lastHeartbeatTime: before?.lastHeartbeatTime ?? now,
      lastTransitionTime: now,
      ...(before
        ? { reason: 'NodeStatusUnknown', message: 'Kubelet stopped posting node status.' }
        : { reason: 'NodeStatusNeverUpdated', message: 'Kubelet never posted node status.' }),
    }
  }
  const others = (status.conditions ?? []).filter(({ type }) => !reported.includes(type))
  return { ...status, conditions: [...others, ...reported.map(unknown)] }
}

/** The status of a pod on a silent node: not ready. Pure; returns the same object where the pod is not ready anyway. */
export function unreadyStatus({ status = {} }: Pod, now: string): NonNullable<Pod['status']> {
  if (conditionOf(status, 'Ready')?.status !== 'True') return status
  const conditions = (status.conditions ?? []).map((condition) =>
    condition.type === 'Ready'
      ? { ...condition, status: 'False', reason: nodeNotReadyReason, lastTransitionTime: now }
      : condition,
  )
  return { ...status, conditions }
}
