import type { Pod } from '@reckon/kubernetes'
import type { Policy } from '../framework.ts'
import type { ClusterState } from '../state/cluster-state.ts'
import { stableHash } from '../state/stable-hash.ts'
import { choose } from './choose.ts'
import { judge } from './judge.ts'
import { Placement } from './placement.ts'
import { PodClasses } from './pod-classes.ts'

/** What was worked out for a cluster's state is kept with it, for as long as that lives. */
const known = new WeakMap<ClusterState, Map<Policy, PodClasses>>()

/**
 * Chooses the node for a pod. Deterministic: among equal nodes the rank by name follows from the pod's uid, so that pods
 * spread and the decision can be recomputed from the log. Its cost grows neither with the pods already placed nor with the
 * nodes that did not change since an equal pod was placed.
 */
export function place(pod: Pod, cluster: ClusterState, policy: Policy): Placement {
  const classes = classesOf(cluster, policy)
  const podClass = classes.of(cluster.equalPods(pod))
  const { rejections } = classes
  const judgement = judge(podClass, rejections)
  const choice = choose(podClass, judgement, stableHash(pod.metadata.uid ?? ''))
  return new Placement({ pod: pod.metadata, podClass, judgement, choice, rejections })
}

function classesOf(cluster: ClusterState, policy: Policy): PodClasses {
  const ofCluster = known.get(cluster) ?? new Map<Policy, PodClasses>()
  known.set(cluster, ofCluster)
  const classes = ofCluster.get(policy) ?? new PodClasses(cluster, policy)
  ofCluster.set(policy, classes)
  return classes
}
