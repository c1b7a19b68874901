import {
  amountsOf,
  difference,
  hostPortsClash,
  hostPortsOf,
  type Node,
  type Pod,
  podRequests,
  requiredNodes,
  sum,
} from '@reckon/kubernetes'
import type { KnownObjects } from '../node/known-objects.ts'

/** Why a node does not run a pod that it was given, in a kubelet's words. */
export type Rejection = { reason: string; message: string }

/**
 * Why the node does not take one pod more beside those that it has admitted; undefined where it does. Whoever places pods may
 * be wrong, or be nobody: schedulers that overlap can promise a node twice, and a pod may name its node itself. As the
 * kubelet's admission; pure.
 */
export function rejectionOf(pod: Pod, admitted: readonly Pod[], node: Node): Rejection | undefined {
  const { nodeSelector, affinity } = pod.spec
  const isWanted = requiredNodes({ nodeSelector, nodeAffinity: affinity?.nodeAffinity })
  const ports = hostPortsOf(pod)
  const isTaken = admitted
    .flatMap(hostPortsOf)
    .some((taken) => ports.some((port) => hostPortsClash(port, taken)))
  return (
    shortageOf(pod, admitted, node.status?.allocatable ?? {}) ??
    (isWanted(node)
      ? undefined
      : failed('NodeAffinity', "node(s) didn't match Pod's node affinity/selector")) ??
    (isTaken
      ? failed('NodePorts', "node(s) didn't have free ports for the requested pod ports")
      : undefined)
  )
}

const failed = (predicate: string, why: string): Rejection => ({
  reason: predicate,
  message: `Pod was rejected: Predicate ${predicate} failed: ${why}`,
})

/** Of what the node has not enough. */
function shortageOf(
  pod: Pod,
  admitted: readonly Pod[],
  allocatable: Readonly<Record<string, string>>,
): Rejection | undefined {
  const all = amountsOf(allocatable)
  const free = difference(all, admitted.map(podRequests).reduce(sum, { pods: admitted.length }))
  const wanted = { ...podRequests(pod), pods: 1 }
  for (const [resource, requested] of Object.entries<number>(wanted)) {
    const left = free[resource] ?? 0
    if (requested === 0 || requested <= left) continue
    const capacity = all[resource] ?? 0
    const numbers = `requested: ${requested}, used: ${capacity - left}, capacity: ${capacity}`
    return {
      reason: `OutOf${resource}`,
      message: `Pod was rejected: Node didn't have enough resource: ${resource}, ${numbers}`,
    }
  }
  return undefined
}

/** Which pods the node has admitted and not yet got rid of. */
export class Admission {
  readonly #known: KnownObjects
  readonly #nodeName: string
  readonly #admitted = new Map<string, Pod>()

  constructor(known: KnownObjects, nodeName: string) {
    this.#known = known
    this.#nodeName = nodeName
  }

  /** Admits the pod or says why not; `Unknown` while the node does not know its own size. */
  admit(pod: Pod): 'Admitted' | 'Unknown' | Rejection {
    const uid = pod.metadata.uid ?? ''
    if (this.#admitted.has(uid)) return 'Admitted'
    const node = this.#known.node(this.#nodeName)
    if (node?.status?.allocatable === undefined) return 'Unknown'
    const rejection = rejectionOf(pod, [...this.#admitted.values()], node)
    if (rejection === undefined) this.adopt(pod)
    return rejection ?? 'Admitted'
  }

  /** The pod runs here already. */
  adopt(pod: Pod): void {
    this.#admitted.set(pod.metadata.uid ?? '', pod)
  }

  /** Nothing of the pod runs any more. */
  release(podUid: string): void {
    this.#admitted.delete(podUid)
  }
}
