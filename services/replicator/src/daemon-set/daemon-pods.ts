import {
  type ControllerRevision,
  type DaemonSet,
  isFinished,
  isTerminating,
  type Node,
  type Pod,
} from '@reckon/kubernetes'
import { podOfTemplate } from '../ownership/pod-of-template.ts'
import { availableAt } from '../ownership/pod-readiness.ts'
import { forNode, targetNodeOf } from '../ownership/target-node.ts'
import { type NodeFit, nodeFits, tolerationsOf } from './node-fit.ts'

/** The label of a daemon pod, and of its revision, that bears the hash of the template. */
export const hashLabel = 'controller-revision-hash'

/** One node and the set's pods for it. */
export type NodePods = NodeFit & {
  name: string
  /** All that are there, the oldest first. */
  pods: readonly Pod[]
  /** Those that neither have ended nor are on their way out. */
  running: readonly Pod[]
}

/** The node for which a pod of a DaemonSet was made, or on which it is. */
export const nodeOf = (pod: Pod): string | undefined => pod.spec.nodeName || targetNodeOf(pod)

/** Each node with the set's pods for it, in the order of names. */
export function podsByNode(
  { spec }: DaemonSet,
  owned: readonly Pod[],
  nodes: readonly Node[],
): NodePods[] {
  const fitOf = nodeFits(spec.template)
  const byNode = Map.groupBy(owned, nodeOf)
  return nodes
    .map((node) => {
      const { name } = node.metadata
      const pods = [...(byNode.get(name) ?? [])].sort(byAge)
      const running = pods.filter((pod) => !isTerminating(pod) && !isFinished(pod.status))
      return { name, ...fitOf(node), pods, running }
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
}

/** The pod of a node as the set's template says; it has no name yet. */
export function daemonPod(set: DaemonSet, node: string, update: ControllerRevision): Pod {
  const { template } = set.spec
  const pod = podOfTemplate(set, template)
  const hash = { [hashLabel]: hashOf(update) }
  return {
    ...pod,
    metadata: { ...pod.metadata, labels: { ...pod.metadata.labels, ...hash } },
    spec: { ...forNode(pod.spec, node), tolerations: tolerationsOf(template) },
  }
}

export const hashOf = ({ metadata }: ControllerRevision): string =>
  metadata.labels?.[hashLabel] ?? ''

/** Whether a pod was made as the present template says. */
export const isUpdated = ({ metadata }: Pod, update: ControllerRevision): boolean =>
  metadata.labels?.[hashLabel] === hashOf(update)

/** Ready for as long as the set asks, and staying. */
export const isAvailable = (pod: Pod, { spec }: DaemonSet, nowMs: number): boolean =>
  !isTerminating(pod) &&
  (availableAt(pod, spec.minReadySeconds ?? 0) ?? Number.POSITIVE_INFINITY) <= nowMs

function byAge(a: Pod, b: Pod): number {
  const rank = ({ metadata }: Pod) => `${metadata.creationTimestamp} ${metadata.name}`
  return rank(a) < rank(b) ? -1 : 1
}
