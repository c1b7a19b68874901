import type { Node, Pod } from '@reckon/kubernetes'
import type { Policy } from '../framework.ts'
import { pluginsHelpedBy, pluginsHelpedElsewhere } from '../hints.ts'
import type { Placement } from '../placing/placement.ts'
import { anotherNodeLike } from '../state/another-node.ts'
import type { ClusterState } from '../state/cluster-state.ts'
import { isHard, taintsOf, untoleratedTaint } from '../state/node-taints.ts'
import type { PlacedPod } from '../state/placed-pod.ts'
import { taintText } from './pod-changes.ts'
import type { Trials } from './trial.ts'

export type PodNamed = (namespace: string, name: string) => Pod | undefined

/** The context in which single changes are tried; `placement` is the result without any. */
export type Trying = {
  readonly cluster: ClusterState
  readonly policy: Policy
  readonly placement: Placement
  readonly nodes: readonly Node[]
  readonly podNamed: PodNamed
}

/** The possible changes of the cluster, by sort, the smallest first. */
export const nodeChanges = (pod: Pod, trying: Trying): Trials[] => [
  uncordoned(pod, trying),
  untainted(pod, trying),
  withoutPods(pod, trying),
  anotherNode(pod, trying),
]

function* uncordoned(pod: Pod, { cluster, nodes }: Trying): Trials {
  for (const node of nodes) {
    if (!node.spec?.unschedulable) continue
    const { unschedulable: _, taints = [], ...spec } = node.spec
    const left = taints.filter(({ key }) => key !== 'node.kubernetes.io/unschedulable')
    cluster.setNode({ ...node, spec: { ...spec, taints: left } })
    const change = `uncordon ${node.metadata.name}`
    yield { change, pod, undo: () => cluster.setNode(node) }
  }
}

function* untainted(pod: Pod, { cluster, nodes }: Trying): Trials {
  for (const node of nodes) {
    const taint = untoleratedTaint(node.spec?.taints ?? [], pod.spec.tolerations ?? [], isHard)
    if (taint === undefined || taintsOf(node) !== node.spec?.taints || node.spec.unschedulable)
      continue
    const taints = node.spec.taints.filter((each) => each !== taint)
    cluster.setNode({ ...node, spec: { ...node.spec, taints } })
    const change = `remove the taint ${taintText(taint)} from ${node.metadata.name}`
    yield { change, pod, undo: () => cluster.setNode(node) }
  }
}

/** The limits: how many pods are tried as ended, and the pods of how many nodes are considered at a time. */
const candidatesMax = 500
const nodesOfPause = 50

/**
 * Ends one pod on a node that would fit without its pods, or on any where pods keep others out of whole domains; pods
 * with the smallest requests first.
 */
function* withoutPods(pod: Pod, trying: Trying): Trials {
  const { cluster, policy, placement, nodes, podNamed } = trying
  const byPods = pluginsHelpedBy('PodEnded', policy)
  const byDomains = pluginsHelpedElsewhere('PodEnded', [policy])
  const isByDomains = !placement.rejectedBy.isDisjointFrom(byDomains)
  let least: Candidate[] = []
  for (const [index, { metadata }] of nodes.entries()) {
    const slot = cluster.slots.find(metadata.name)
    if (slot === undefined) continue
    const { plugin = '' } = placement.verdictOf(slot)?.rejectedBy ?? {}
    if (!isByDomains && !byPods.includes(plugin)) continue
    least.push(...cluster.pods.at(slot).map(candidateOf))
    if (index % nodesOfPause !== 0) continue
    least = leastOf(least)
    yield 'Pause'
  }
  for (const { placed } of leastOf(least)) {
    const { namespace, name, uid, slot } = placed
    const node = cluster.slots.nameOf(slot)
    const found = podNamed(namespace, name)
    if (found?.metadata.uid !== uid) continue
    cluster.removePod(uid)
    const change = `end pod ${namespace}/${name} on ${node}`
    yield { change, pod, undo: () => cluster.addPod(found, node) }
  }
}

type Candidate = { placed: PlacedPod; priority: number; size: number }

function candidateOf(placed: PlacedPod): Candidate {
  const { priority, loadWants } = placed.equal.traits
  const { cpu = 0, memory = 0 } = loadWants.requests
  return { placed, priority, size: cpu + memory / 2 ** 21 }
}

const leastOf = (candidates: readonly Candidate[]): Candidate[] =>
  candidates.toSorted((a, b) => a.priority - b.priority || a.size - b.size).slice(0, candidatesMax)

/** Adds one more node like an existing one; one trial for each sort of nodes, the smallest first. */
function* anotherNode(pod: Pod, { cluster, nodes }: Trying): Trials {
  const sizeOf = ({ status }: Node) => Number.parseFloat(status?.allocatable?.cpu ?? '0')
  const seen = new Set<string>()
  for (const node of nodes.toSorted((a, b) => sizeOf(a) - sizeOf(b))) {
    const { metadata, spec, status } = node
    const { 'kubernetes.io/hostname': _, ...labels } = metadata.labels ?? {}
    const sort = JSON.stringify([labels, spec?.taints, spec?.unschedulable, status?.allocatable])
    if (seen.has(sort)) continue
    seen.add(sort)
    const another = anotherNodeLike(node)
    cluster.setNode(another)
    const change = `add a node like ${metadata.name}`
    yield { change, pod, undo: () => cluster.removeNode(another.metadata.name) }
  }
}
