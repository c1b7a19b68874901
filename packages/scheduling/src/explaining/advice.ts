import { isTerminating, type Node, type Pod, podClaims, schedulerNameOf } from '@reckon/kubernetes'
import type { Policy } from '../framework.ts'
import { pluginsHelpedBy } from '../hints.ts'
import { place } from '../placing/place.ts'
import { missingTopology } from '../plugins/pod-topology-spread.ts'
import { schedulingGates } from '../plugins/scheduling-gates.ts'
import type { Policies } from '../policy/policies.ts'
import { ClusterState } from '../state/cluster-state.ts'
import type { Steps } from '../steps.ts'
import { makingRoom } from './making-room.ts'
import { nodeChanges, type PodNamed, type Trying } from './node-changes.ts'
import { podChanges } from './pod-changes.ts'
import type { Trial } from './trial.ts'

/** Whether waiting helps a pod that has no node. */
type Outlook =
  /** A node fits now, or pods are being evicted from one: the pod will be placed within moments. */
  | 'Soon'
  /** Some node would fit if pods on it ended. */
  | 'WhenPodsEnd'
  /** Some node would fit if other pods were on other nodes, or were added. */
  | 'WhenPodsCome'
  /** A claim or volume that it needs is not there yet. */
  | 'WhenStorageComes'
  /** No node fits, even without any pods on it: the pod or the nodes have to change. */
  | 'Never'
  /** Nobody tries to place it: gates, or another scheduler's name. */
  | 'NotTried'

/** A single change after which the pod would be placed, as tried with the scheduler itself. */
type Change = {
  /** As an order: `tolerate the taint gpu:NoSchedule`. */
  readonly change: string
  /** Where the pod would then go. */
  readonly nodeName: string
}

/** What a pending pod waits for, and what would help. */
export type Advice = {
  readonly outlook: Outlook
  /** In a sentence. */
  readonly why: string
  /** What keeps it off the nodes now, in kube-scheduler's words. */
  readonly message?: string
  /** The changes that would place it, the smallest first. */
  readonly changes: readonly Change[]
}

/** The limits of changes of each sort: how many are tried, and how many are reported. */
const trialsMax = 500
const eachMax = 3

/** So many nodes are put into a cluster at a time. */
const nodesOfStep = 200

type Known = {
  /** Belongs to the caller alone: it is modified for trials, and restored after each step. */
  readonly cluster: ClusterState
  readonly policies: Policies
  /** The pod of a name. */
  readonly podNamed: PodNamed
}

/** Advises about a pod that has no node. */
export function* advise(pod: Pod, { cluster, policies, podNamed }: Known): Steps<Advice> {
  const schedulerName = schedulerNameOf(pod.spec)
  const policy = policies.get(schedulerName)
  const gated = schedulingGates.admit(pod)
  if (isTerminating(pod)) return notTried('it is being deleted')
  if (gated !== undefined) return notTried(gated)
  if (policy === undefined) {
    const known = [...policies.keys()].join(', ')
    return notTried(
      `it waits for the scheduler "${schedulerName}"; here are placed pods of ${known}`,
    )
  }
  const placement = place(pod, cluster, policy)
  const { nodeName, message, nodeCount } = placement
  if (nodeName !== undefined) {
    const why = `${nodeName} suits it as things are: it is tried again within moments`
    return { outlook: 'Soon', why, changes: [] }
  }
  const { preemption } = placement
  if (preemption && 'nomination' in preemption) {
    const why = makingRoom(preemption.nomination)
    return { outlook: 'Soon', why, message, changes: [] }
  }
  yield
  const outlook = yield* outlookOf(pod, cluster, policy)
  const trying = { cluster, policy, placement, podNamed, nodes: nodesIn(cluster) }
  const why = nodeCount === 0 ? 'there are no nodes' : sentences[outlook]
  return { outlook, why, message, changes: yield* changesFor(pod, trying) }
}

const notTried = (why: string): Advice => ({ outlook: 'NotTried', why, changes: [] })

const sentences = {
  WhenPodsEnd: 'waiting can help: there are nodes that would suit if pods on them ended',
  WhenPodsCome: 'waiting can help: other pods that it goes by may come, end or move',
  WhenStorageComes: 'waiting can help: a claim or volume that it needs may come',
  Never: 'waiting cannot help: no node of this cluster suits it, were they all empty',
} as const

function* outlookOf(
  pod: Pod,
  cluster: ClusterState,
  policy: Policy,
): Steps<keyof typeof sentences> {
  const empty = new ClusterState()
  for (const [index, node] of nodesIn(cluster).entries()) {
    empty.setNode(node)
    if (index % nodesOfStep === 0) yield
  }
  const { claims, volumes, classes } = cluster.storage
  for (const claim of claims.values()) empty.storage.setClaim(claim)
  for (const volume of volumes.values()) empty.storage.setVolume(volume)
  for (const each of classes.values()) empty.storage.setClass(each)
  const alone = place(pod, empty, policy)
  if (alone.nodeName !== undefined) return 'WhenPodsEnd'
  const plugins = alone.verdicts().flatMap(({ rejectedBy }) => {
    return rejectedBy && rejectedBy.reason !== missingTopology ? [rejectedBy.plugin] : []
  })
  // A volume that is bound stays where it is.
  const isUnbound = cluster.storage.needsOf(podClaims(pod)).some(({ type }) => type !== 'Bound')
  if (isUnbound && plugins.includes('VolumeBinding')) return 'WhenStorageComes'
  const isByPods = pluginsHelpedBy('PodPlaced', policy).some((name) => plugins.includes(name))
  return isByPods ? 'WhenPodsCome' : 'Never'
}

function* changesFor(pod: Pod, trying: Trying): Steps<Change[]> {
  const { cluster, policy } = trying
  const fits = (trial: Trial): Change[] => {
    const { nodeName } = place(trial.pod, cluster, policy)
    trial.undo?.()
    return nodeName === undefined ? [] : [{ change: trial.change, nodeName }]
  }
  const sorts = [
    ...podChanges(
      pod,
      cluster,
      (changed) => place(changed, cluster, policy).nodeName !== undefined,
    ),
    ...nodeChanges(pod, trying),
  ]
  const found: Change[] = []
  for (const trials of sorts) {
    let [tried, fitting] = [0, 0]
    for (const trial of trials) {
      if (trial !== 'Pause') {
        const fit = fits(trial)
        found.push(...fit)
        tried += 1
        fitting += fit.length
      }
      yield
      if (tried === trialsMax || fitting === eachMax) break
    }
  }
  return found
}

function nodesIn(cluster: ClusterState): Node[] {
  const slots = cluster.slots.order.subarray(0, cluster.slots.count)
  return Array.from(slots).flatMap((slot) => cluster.nodeAt(slot) ?? [])
}
