import {
  amountsOf,
  conditionOf,
  difference,
  hostPortsClash,
  hostPortsOf,
  type Node,
  type Pod,
  podRequests,
  requiredNodes,
  sum,
  tolerates,
} from '@reckon/kubernetes'
import type { ObjectCache } from '../node/object-cache.ts'
import { isCritical } from './is-critical.ts'

/** Why a node rejects a pod, in a kubelet's wording. */
export type Rejection = { reason: string; message: string }

/**
 * Why the node cannot admit another pod; undefined where it can. The scheduler is not trusted for this: overlapping
 * schedulers can promise a node twice, and a pod may name its node itself. As a kubelet's admission; pure.
 */
export function rejectionOf(pod: Pod, admitted: readonly Pod[], node: Node): Rejection | undefined {
  const { nodeSelector, affinity } = pod.spec
  const isWanted = requiredNodes({ nodeSelector, nodeAffinity: affinity?.nodeAffinity })
  const ports = hostPortsOf(pod)
  const isTaken = admitted
    .flatMap(hostPortsOf)
    .some((taken) => ports.some((port) => hostPortsClash(port, taken)))
  return (
    pressedOut(pod, node) ??
    forbiddenSysctl(pod) ??
    shortageOf(pod, admitted, node.status?.allocatable ?? {}) ??
    (isWanted(node)
      ? undefined
      : failed('NodeAffinity', "node(s) didn't match Pod's node affinity/selector")) ??
    (isTaken
      ? failed('NodePorts', "node(s) didn't have free ports for the requested pod ports")
      : undefined)
  )
}

const memoryPressure = { key: 'node.kubernetes.io/memory-pressure', effect: 'NoSchedule' }

/**
 * But for what the cluster needs, a node that is short of memory takes nobody who has not said how much is needed, and
 * one whose disk is full takes nobody.
 */
function pressedOut(pod: Pod, { status }: Node): Rejection | undefined {
  const pressures = ['MemoryPressure', 'DiskPressure'].filter(
    (type) => conditionOf(status, type)?.status === 'True',
  )
  if (isCritical(pod) || pressures.length === 0) return undefined
  const isBounded = pod.status?.qosClass !== 'BestEffort'
  const isTaken = isBounded || tolerates(pod.spec.tolerations, memoryPressure)
  if (isTaken && !pressures.includes('DiskPressure')) return undefined
  const message = `Pod was rejected: The node had condition: [${pressures.join(' ')}]. `
  return { reason: 'Evicted', message }
}

/** Sysctls that any pod may set, because they only affect its own namespaces (`pkg/kubelet/sysctl`). */
const safeSysctls = new Set([
  'kernel.shm_rmid_forced',
  'net.ipv4.ip_local_port_range',
  'net.ipv4.tcp_syncookies',
  'net.ipv4.ping_group_range',
  'net.ipv4.ip_unprivileged_port_start',
  'net.ipv4.ip_local_reserved_ports',
  'net.ipv4.tcp_keepalive_time',
  'net.ipv4.tcp_fin_timeout',
  'net.ipv4.tcp_keepalive_intvl',
  'net.ipv4.tcp_keepalive_probes',
  'net.ipv4.tcp_rmem',
  'net.ipv4.tcp_wmem',
])

/** Rejects sysctls that would affect the whole machine. */
function forbiddenSysctl({ spec }: Pod): Rejection | undefined {
  const { sysctls = [] } = spec.securityContext ?? {}
  const unsafe = sysctls.find(({ name }) => !safeSysctls.has(name.replaceAll('/', '.')))
  if (unsafe === undefined) return undefined
  return {
    reason: 'SysctlForbidden',
    message: `Pod was rejected: forbidden sysctl: "${unsafe.name}" not allowlisted`,
  }
}

const failed = (predicate: string, why: string): Rejection => ({
  reason: predicate,
  message: `Pod was rejected: Predicate ${predicate} failed: ${why}`,
})

/** The resource of which the node has not enough. */
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

/** The pods that the node has admitted and that are not gone yet. */
export class Admission {
  readonly #known: ObjectCache
  readonly #nodeName: string
  readonly #admitted = new Map<string, Pod>()

  constructor(known: ObjectCache, nodeName: string) {
    this.#known = known
    this.#nodeName = nodeName
  }

  /** Admits the pod, or says why not; `Unknown` while the node's size is unknown. */
  admit(pod: Pod): 'Admitted' | 'Unknown' | Rejection {
    const uid = pod.metadata.uid ?? ''
    if (this.#admitted.has(uid)) return 'Admitted'
    const node = this.#known.node(this.#nodeName)
    if (node?.status?.allocatable === undefined) return 'Unknown'
    const rejection = rejectionOf(pod, [...this.#admitted.values()], node)
    if (rejection === undefined) this.adopt(pod)
    return rejection ?? 'Admitted'
  }

  /** Records a pod that runs here already. */
  adopt(pod: Pod): void {
    this.#admitted.set(pod.metadata.uid ?? '', pod)
  }

  /** Releases the resources of a pod that has ended. */
  release(podUid: string): void {
    this.#admitted.delete(podUid)
  }
}
