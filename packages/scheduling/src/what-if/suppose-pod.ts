import type { NodeVerdict } from '@reckon/domain'
import { type Node, type Pod, schedulerNameOf } from '@reckon/kubernetes'
import { place } from '../placing/place.ts'
import type { Policies } from '../policy/policies.ts'
import { anotherNodeLike } from '../state/another-node.ts'
import type { ClusterState } from '../state/cluster-state.ts'
import { occupiesNode } from '../state/node-of-pod.ts'
import type { Steps } from '../steps.ts'

/** Assumed differences of one pod and of the nodes; everything else remains as it is. */
export type PodSupposition = {
  /** The requests of its first container. */
  readonly requests?: Readonly<Record<string, string>>
  /** Its nodeSelector, instead of its own. */
  readonly nodeSelector?: Readonly<Record<string, string>>
  /** Nodes that are assumed not to exist. */
  readonly without?: readonly string[]
  /** A node of which an additional, empty copy is assumed. */
  readonly another?: string
}

/** Where a pod is placed, and the verdict on each node. */
type SupposedPlacement = {
  readonly nodeName?: string
  readonly message: string
  readonly nodes: readonly NodeVerdict[]
}

type Ends = { readonly before: SupposedPlacement; readonly after: SupposedPlacement }

type Context = {
  /** Belongs to the caller alone: it is modified, and restored at the end. */
  readonly cluster: ClusterState
  readonly policies: Policies
  /** The node of which a copy is added. */
  readonly another?: Node
}

/**
 * Where a pod would be placed if it were scheduled again, in the present state and in the assumed one; a placed pod is
 * removed from its node first. Undefined where no policy places such pods.
 */
export function* supposePod(
  pod: Pod,
  supposition: PodSupposition,
  { cluster, policies, another }: Context,
): Steps<Ends | undefined> {
  const policy = policies.get(schedulerNameOf(pod.spec))
  if (policy === undefined) return undefined
  const { nodeName: _, ...spec } = pod.spec
  const placed = function* (of: Pod): Steps<SupposedPlacement> {
    const placement = place(of, cluster, policy)
    yield
    const { nodeName, verdict } = placement
    return { ...(nodeName && { nodeName }), message: verdict, nodes: placement.verdicts() }
  }
  const otherwise = new Map<string, Node | undefined>(
    supposition.without?.map((name) => [name, undefined]),
  )
  const one = another && anotherNodeLike(another)
  const supposed = one ? otherwise.set(one.metadata.name, one) : otherwise
  const known = Array.from(supposed.keys(), (name) => [name, nodeNamed(cluster, name)] as const)
  cluster.removePod(pod.metadata.uid ?? '')
  try {
    const before = yield* placed({ ...pod, spec })
    yield
    for (const [name, node] of supposed) put(cluster, name, node)
    return { before, after: yield* placed(supposedPod({ ...pod, spec }, supposition)) }
  } finally {
    for (const [name, node] of known) put(cluster, name, node)
    if (occupiesNode(pod)) cluster.addPod(pod, pod.spec.nodeName)
  }
}

function nodeNamed(cluster: ClusterState, name: string): Node | undefined {
  const slot = cluster.slots.find(name)
  return slot === undefined ? undefined : cluster.nodeAt(slot)
}

function put(cluster: ClusterState, name: string, node: Node | undefined): void {
  if (node) cluster.setNode(node)
  else cluster.removeNode(name)
}

function supposedPod(pod: Pod, { requests, nodeSelector }: PodSupposition): Pod {
  const { spec } = pod
  const [first, ...others] = spec.containers
  const asks = requests && {
    ...{ ...first?.resources, requests: { ...first?.resources?.requests, ...requests } },
  }
  const containers = first && asks ? [{ ...first, resources: asks }, ...others] : spec.containers
  return { ...pod, spec: { ...spec, containers, ...(nodeSelector && { nodeSelector }) } }
}
