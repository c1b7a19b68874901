import { isFinished, isTerminating, type Pod } from '@reckon/kubernetes'

/** Whether the pod takes something from a node: bound, and not ended. */
export function occupiesNode(pod: Pod): pod is Pod & { spec: { nodeName: string } } {
  return !isFinished(pod.status) && pod.spec.nodeName !== undefined && pod.spec.nodeName !== ''
}

/** The node that is kept for a pod that waits. */
export const nominationOf = (pod: Pod): string | undefined => {
  const isWaiting = !pod.spec.nodeName && !isFinished(pod.status) && !isTerminating(pod)
  return isWaiting ? pod.status?.nominatedNodeName || undefined : undefined
}
