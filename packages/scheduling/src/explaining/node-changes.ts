import type { Node, Pod } from '@reckon/kubernetes'
import type { Policy } from '../framework.ts'
import { pluginsHelpedBy } from '../hints.ts'
import type { Placement } from '../placing/placement.ts'
import { anotherNodeLike } from '../state/another-node.ts'
import type { ClusterState } from '../state/cluster-state.ts'
import { isHard, taintsOf, untoleratedTaint } from '../state/node-taints.ts'
import type { PlacedPod } from '../state/placed-pod.ts'
import { taintText } from './pod-changes.ts'
import type { Trial } from './trial.ts'

export type PodNamed = (namespace: string, name: string) => Pod | undefined

/** What is known where single changes are tried; `placement` is what was found without any. */
export type Trying = {
  readonly cluster: ClusterState
  readonly policy: Policy
  readonly placement: Placement
  readonly nodes: readonly Node[]
  readonly podNamed: PodNamed
}

/** What could be otherwise about the cluster, by sort, the smallest changes first. */
export const nodeChanges = (pod: Pod, trying: Trying): Iterable<Trial>[] => [
  uncordoned(pod, trying),
  untainted(pod, trying),
  withoutPods(pod, trying),
  anotherNode(pod, trying),
]

function* uncordoned(pod: Pod, { cluster, nodes }: Trying): Iterable<Trial> {
  for (const node of nodes) {
    if (!node.spec?.unschedulable) continue
    const { unschedulable: _, taints = [], ...spec } = node.spec
    const left = taints.filter(({ key }) => key !== 'node.kubernetes.io/unschedulable')
    cluster.setNode({ ...node, spec: { ...spec, taints: left } })
    const change = `uncordon ${node.metadata.name}`
    yield { change, pod, undo: () => cluster.setNode(node) }
  }
}

function* untainted(pod: Pod, { cluster, nodes }: Trying): Iterable<Trial> {
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

/** Without one of the pods on a node that only pods keep it from; those first that ask for least. */
function* withoutPods(pod: Pod, trying: Trying): Iterable<Trial> {
  const { cluster, policy, placement, nodes, podNamed } = trying
  const byPods = pluginsHelpedBy('PodEnded', policy)
  const candidates = nodes.flatMap(({ metadata: { name } }): PlacedPod[] => {
    const slot = cluster.slots.find(name)
    if (slot === undefined) return []
    const { plugin = '' } = placement.verdictOf(slot)?.rejectedBy ?? {}
    return byPods.includes(plugin) ? cluster.podsAt(slot) : []
  })
  const sizeOf = ({ equal: { traits } }: PlacedPod) =>
    (traits.loadWants.requests.cpu ?? 0) + (traits.loadWants.requests.memory ?? 0) / 2 ** 21
  const byPriority = candidates.toSorted(
    (a, b) => a.equal.traits.priority - b.equal.traits.priority || sizeOf(a) - sizeOf(b),
  )
  for (const { namespace, name, uid, slot } of byPriority) {
    const node = cluster.slots.nameOf(slot)
    const found = podNamed(namespace, name)
    if (found?.metadata.uid !== uid) continue
    cluster.removePod(uid)
    const change = `end pod ${namespace}/${name} on ${node}`
    yield { change, pod, undo: () => cluster.addPod(found, node) }
  }
}

/** One more of the sorts of nodes that there are, the smallest first. */
function* anotherNode(pod: Pod, { cluster, nodes }: Trying): Iterable<Trial> {
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
