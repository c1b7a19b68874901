import type { Pod } from '@reckon/kubernetes'
import { amountsOf, difference, podRequests, sum } from '@reckon/kubernetes'
import type { KnownObjects } from '../node/known-objects.ts'

/** Why a node does not run a pod that it was given, in a kubelet's words. */
export type Rejection = { reason: string; message: string }

/**
 * Whether the node has room for one pod more beside those that it has admitted; undefined where it has. Schedulers that
 * overlap can promise a node twice: it never runs more than it has. As the kubelet's admission; pure.
 */
export function rejectionOf(
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
    const allocatable = this.#known.node(this.#nodeName)?.status?.allocatable
    if (allocatable === undefined) return 'Unknown'
    const rejection = rejectionOf(pod, [...this.#admitted.values()], allocatable)
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
