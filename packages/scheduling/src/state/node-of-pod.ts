import { isFinished, isTerminating, type Pod } from '@reckon/kubernetes'

/** Whether the pod uses resources of a node: it is bound, and has not ended. */
export function occupiesNode(pod: Pod): pod is Pod & { spec: { nodeName: string } } {
  return !isFinished(pod.status) && pod.spec.nodeName !== undefined && pod.spec.nodeName !== ''
}

/** The node nominated for a pending pod. */
export const nominationOf = (pod: Pod): string | undefined => {
  const isWaiting = !pod.spec.nodeName && !isFinished(pod.status) && !isTerminating(pod)
  return isWaiting ? pod.status?.nominatedNodeName || undefined : undefined
}
