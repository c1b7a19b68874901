import {
  type Amounts,
  amountsOf,
  difference,
  isFinished,
  type Node,
  type Pod,
  podRequests,
  podRequestsForScoring,
  sum,
} from '@reckon/kubernetes'
import { type HostPort, hostPortsOf } from './host-ports.ts'

/** A node as scheduling sees it: what it has, and what the pods that it was given have asked for. */
export type NodeState = {
  readonly name: string
  readonly node: Node
  readonly allocatable: Amounts
  readonly requested: Amounts
  /** As `requested`, where a pod that asks for nothing counts with a small amount. */
  readonly requestedForScoring: Amounts
  readonly podCount: number
  readonly hostPorts: readonly HostPort[]
}

type Placed = { uid: string; nodeName: string; load: Load }

type Load = {
  requested: Amounts
  requestedForScoring: Amounts
  podCount: number
  hostPorts: readonly HostPort[]
}

const nothing: Load = { requested: {}, requestedForScoring: {}, podCount: 0, hostPorts: [] }

/**
 * The nodes and what is promised of them, kept up change by change. A pod counts once, by its uid, whether it is
 * bound or only assumed to be; pods given to a node that is not known yet count as soon as it is.
 */
export class ClusterState {
  readonly #nodes = new Map<string, Node>()
  readonly #loads = new Map<string, Load>()
  readonly #placed = new Map<string, Placed>()
  readonly #states = new Map<string, NodeState>()
  #names: readonly string[] | undefined

  /** Every node, by name. */
  get nodes(): readonly NodeState[] {
    this.#names ??= [...this.#nodes.keys()].sort()
    return this.#names.map((name) => this.#stateOf(name))
  }

  setNode(node: Node): void {
    const { name } = node.metadata
    if (!this.#nodes.has(name)) this.#names = undefined
    this.#nodes.set(name, node)
    this.#states.delete(name)
  }

  removeNode(name: string): void {
    this.#names = undefined
    this.#nodes.delete(name)
    this.#states.delete(name)
  }

  /** Whether the pod is counted on some node. */
  hasPod(uid: string): boolean {
    return this.#placed.has(uid)
  }

  /** Counts the pod on the node; if it was counted on another one, no longer there. */
  addPod(pod: Pod, nodeName: string): void {
    const uid = pod.metadata.uid ?? ''
    this.removePod(uid)
    const load: Load = {
      requested: podRequests(pod),
      requestedForScoring: podRequestsForScoring(pod),
      podCount: 1,
      hostPorts: hostPortsOf(pod),
    }
    this.#placed.set(uid, { uid, nodeName, load })
    const before = this.#loads.get(nodeName) ?? nothing
    this.#loads.set(nodeName, {
      requested: sum(before.requested, load.requested),
      requestedForScoring: sum(before.requestedForScoring, load.requestedForScoring),
      podCount: before.podCount + 1,
      hostPorts: [...before.hostPorts, ...load.hostPorts],
    })
    this.#states.delete(nodeName)
  }

  removePod(uid: string): void {
    const placed = this.#placed.get(uid)
    if (placed === undefined) return
    this.#placed.delete(uid)
    const { nodeName, load } = placed
    const before = this.#loads.get(nodeName) ?? nothing
    this.#loads.set(nodeName, {
      requested: difference(before.requested, load.requested),
      requestedForScoring: difference(before.requestedForScoring, load.requestedForScoring),
      podCount: before.podCount - 1,
      hostPorts: before.hostPorts.filter((port) => !load.hostPorts.includes(port)),
    })
    this.#states.delete(nodeName)
  }

  #stateOf(name: string): NodeState {
    const known = this.#states.get(name)
    if (known !== undefined) return known
    const node = this.#nodes.get(name) as Node
    const load = this.#loads.get(name) ?? nothing
    const allocatable = amountsOf(node.status?.allocatable ?? node.status?.capacity)
    const state: NodeState = { name, node, allocatable, ...load }
    this.#states.set(name, state)
    return state
  }
}

/** The state of these nodes with these pods, those without a node not counted. */
export function clusterStateOf(nodes: Iterable<Node>, pods: Iterable<Pod>): ClusterState {
  const cluster = new ClusterState()
  for (const node of nodes) cluster.setNode(node)
  for (const pod of pods) if (occupiesNode(pod)) cluster.addPod(pod, pod.spec.nodeName)
  return cluster
}

/** Whether the pod takes something from a node: bound, and not ended. */
export function occupiesNode(pod: Pod): pod is Pod & { spec: { nodeName: string } } {
  return !isFinished(pod.status) && pod.spec.nodeName !== undefined && pod.spec.nodeName !== ''
}
