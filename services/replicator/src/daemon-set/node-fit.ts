import { type Node, type PodTemplateSpec, requiredNodes, type Toleration } from '@reckon/kubernetes'
import { untoleratedTaint } from '@reckon/scheduling'

/** Whether a DaemonSet's pod should run on a node, and whether an existing one may stay. */
export type NodeFit = { shouldRun: boolean; mayStay: boolean }

/** The tolerations that every daemon pod gets, as upstream. */
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

/** The tolerations of a daemon pod: those of its template and the common ones. */
export function tolerationsOf({ spec }: PodTemplateSpec): Toleration[] {
  const own = spec?.tolerations ?? []
  const more = spec?.hostNetwork ? [...added, addedOnHostNetwork] : added
  const isNew = ({ key, effect }: Toleration) =>
    !own.some((toleration) => toleration.key === key && toleration.effect === effect)
  return [...own, ...more.filter(isNew)]
}

/** Judges nodes for the pods of a template; upstream's NodeShouldRunDaemonPod. */
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
