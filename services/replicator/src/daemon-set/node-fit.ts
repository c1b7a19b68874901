import { type Node, type PodTemplateSpec, requiredNodes, type Toleration } from '@reckon/kubernetes'
import { untoleratedTaint } from '@reckon/scheduling'

/** Whether a DaemonSet's pod belongs on a node, and whether one that is there may stay. */
export type NodeFit = { shouldRun: boolean; mayStay: boolean }

/** What every daemon pod lives with, as upstream: it belongs to the node as it is. */
const added: readonly Toleration[] = [
  { key: 'node.kubernetes.io/not-ready', operator: 'Exists', effect: 'NoExecute' },
  { key: 'node.kubernetes.io/unreachable', operator: 'Exists', effect: 'NoExecute' },
  { key: 'node.kubernetes.io/disk-pressure', operator: 'Exists', effect: 'NoSchedule' },
  { key: 'node.kubernetes.io/memory-pressure', operator: 'Exists', effect: 'NoSchedule' },
  { key: 'node.kubernetes.io/pid-pressure', operator: 'Exists', effect: 'NoSchedule' },
  { key: 'node.kubernetes.io/unschedulable', operator: 'Exists', effect: 'NoSchedule' },
]
const addedOnHostNetwork: Toleration = {
  key: 'node.kubernetes.io/network-unavailable',
  operator: 'Exists',
  effect: 'NoSchedule',
}

/** The tolerations of a daemon pod: its template's, and those that all have. */
export function tolerationsOf({ spec }: PodTemplateSpec): Toleration[] {
  const own = spec?.tolerations ?? []
  const more = spec?.hostNetwork ? [...added, addedOnHostNetwork] : added
  const isNew = ({ key, effect }: Toleration) =>
    !own.some((toleration) => toleration.key === key && toleration.effect === effect)
  return [...own, ...more.filter(isNew)]
}

/** By which a template's pods suit a node; upstream's NodeShouldRunDaemonPod. */
export function nodeFits(template: PodTemplateSpec): (node: Node) => NodeFit {
  const { nodeName, nodeSelector = {}, affinity } = template.spec ?? {}
  const isWanted = requiredNodes({ nodeSelector, nodeAffinity: affinity?.nodeAffinity })
  const tolerations = tolerationsOf(template)
  return (node) => {
    if (nodeName && nodeName !== node.metadata.name) return { shouldRun: false, mayStay: false }
    if (!isWanted(node)) return { shouldRun: false, mayStay: false }
    const taints = node.spec.taints ?? []
    const isRepelled = (effects: readonly string[]) =>
      untoleratedTaint(taints, tolerations, (effect) => effects.includes(effect)) !== undefined
    return {
      shouldRun: !isRepelled(['NoSchedule', 'NoExecute']),
      mayStay: !isRepelled(['NoExecute']),
    }
  }
}
