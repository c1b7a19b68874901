import type { Pod } from '@reckon/kubernetes'
import type { Policy } from '../framework.ts'
import type { ClusterState } from '../state/cluster-state.ts'
import { stableHash } from '../state/stable-hash.ts'
import { type Choice, choiceOf, choose } from './choose.ts'
import { judge } from './judge.ts'
import { Placement } from './placement.ts'
import { PodClasses } from './pod-classes.ts'
import { type Judged, standingAt } from './standing.ts'

/** Results for a cluster's state are cached with it, as long as it and the policy live. */
const known = new WeakMap<ClusterState, WeakMap<Policy, PodClasses>>()

/**
 * Chooses the node for a pod. Deterministic: among equal nodes the rank by name follows from the pod's uid, so that
 * pods spread and the decision can be recomputed from the log. Its cost grows neither with the pods already placed nor
 * with the nodes that did not change since an equal pod was placed. A node that is kept for the pod is taken as soon as
 * it suits.
 */
export function place(pod: Pod, cluster: ClusterState, policy: Policy): Placement {
  const { uid = '' } = pod.metadata
  const equal = cluster.equalPods(pod)
  const { traits } = equal
  cluster.nominations.heed(uid, traits.priority)
  const classes = classesOf(cluster, policy)
  const podClass = classes.of(equal)
  const { rejections } = classes
  const judgement = judge(podClass, rejections)
  const judged = { podClass, judgement, rejections }
  const choice = kept(uid, judged) ?? choose(podClass, judgement, stableHash(uid))
  return new Placement({ ...judged, pod: pod.metadata, traits, choice })
}

/** The node that is kept for the pod, where it suits. */
function kept(uid: string, judged: Judged): Choice | undefined {
  const slot = judged.podClass.cluster.nominations.slotOf(uid)
  const standing = slot === undefined ? undefined : standingAt(slot, judged)
  if (slot === undefined || standing === undefined || standing.rejection) return undefined
  return choiceOf(slot, standing.total)
}

function classesOf(cluster: ClusterState, policy: Policy): PodClasses {
  const ofCluster = known.get(cluster) ?? new WeakMap<Policy, PodClasses>()
  known.set(cluster, ofCluster)
  const classes = ofCluster.get(policy) ?? new PodClasses(cluster, policy)
  ofCluster.set(policy, classes)
  return classes
}
