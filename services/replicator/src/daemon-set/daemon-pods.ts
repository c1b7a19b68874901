import {
  byAge,
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

/** The label with the hash of the template, on daemon pods and their revisions. */
export const hashLabel = 'controller-revision-hash'

/** A node and the set's pods for it. */
export type NodePods = NodeFit & {
  name: string
  /** All existing pods, oldest first. */
  pods: readonly Pod[]
  /** The pods that have neither ended nor are being deleted. */
  running: readonly Pod[]
}

/** The node that a daemon pod was made for, or runs on. */
export const nodeOf = (pod: Pod): string | undefined => pod.spec.nodeName || targetNodeOf(pod)

/** Each node with the set's pods for it, in order of names. */
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

/** The pod for a node by the set's template; not yet named. */
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

/** Whether a pod was made from the present template. */
export const isUpdated = ({ metadata }: Pod, update: ControllerRevision): boolean =>
  metadata.labels?.[hashLabel] === hashOf(update)

/** Whether a pod is available: ready for as long as the set requires, and not being deleted. */
export const isAvailable = (pod: Pod, { spec }: DaemonSet, nowMs: number): boolean =>
  !isTerminating(pod) &&
  (availableAt(pod, spec.minReadySeconds ?? 0) ?? Number.POSITIVE_INFINITY) <= nowMs
