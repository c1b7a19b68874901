import type { Node, Pod } from '@reckon/kubernetes'
import { ClusterState } from './cluster-state.ts'
import { nominationOf, occupiesNode } from './node-of-pod.ts'

/** The state of these nodes with these pods, those without a node not counted. */
export function clusterStateOf(nodes: Iterable<Node>, pods: Iterable<Pod>): ClusterState {
  const cluster = new ClusterState()
  for (const node of nodes) cluster.setNode(node)
  for (const pod of pods) {
    if (occupiesNode(pod)) cluster.addPod(pod, pod.spec.nodeName)
    else cluster.nominate(pod, nominationOf(pod))
  }
  return cluster
}
