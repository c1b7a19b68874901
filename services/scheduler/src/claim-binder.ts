import type { Origin } from '@reckon/domain'
import {
  isBound,
  isOf,
  type KubernetesObject,
  namesOf,
  type PersistentVolumeClaim,
  type Pod,
  persistentVolumeClaims,
  podClaims,
  pods,
  StatusError,
  selectedNodeOf,
  storageAnnotations,
} from '@reckon/kubernetes'
import { changeObject, positionOf } from '@reckon/writing'
import type { TermPorts } from './ports.ts'
import { surely } from './surely.ts'

/** A tenth of upstream's: our own provisioner answers at once, and the node stays chosen. */
const waitMsMax = 60_000

/** A pod that is to run on a node, and its claims that are bound only then. */
export type Binding = {
  pod: Pod
  claims: readonly PersistentVolumeClaim[]
  nodeName: string
  origin: Origin
}

/** What upstream's VolumeBinding does before a pod is bound: its claims are told the node, and waited for. */
export class ClaimBinder {
  readonly #ports: TermPorts
  readonly #signal: AbortSignal

  constructor(ports: TermPorts, signal: AbortSignal) {
    this.#ports = ports
    this.#signal = signal
  }

  /** The claims that are bound only once the pod has a node. */
  unboundOf(pod: Pod): readonly PersistentVolumeClaim[] {
    return podClaims(pod).flatMap(({ path }) => {
      const claim = this.#ports.objects.get(persistentVolumeClaims, ...namesOf(path))?.object
      return claim === undefined || isBound(claim) ? [] : [claim]
    })
  }

  /** Resolves once all are bound; refuses with `Conflict` where one is not to be had on that node, `Timeout` as `surely`. */
  async bind(binding: Binding): Promise<void> {
    const { claims, nodeName, origin } = binding
    let written = 0n
    for (const { metadata } of claims) {
      const { namespace = '', name, uid = '' } = metadata
      const what = await surely(this.#ports, this.#signal, () =>
        changeObject(this.#ports, {
          target: { resource: persistentVolumeClaims, namespace, name },
          preconditions: { uid },
          change: (current) => withNode(current, nodeName),
          origin: { ...origin, verb: 'update' },
        }),
      )
      const position = what ? positionOf(what) : 0n
      if (position > written) written = position
    }
    await this.#settled(binding, written)
    const unbound = claims.filter((claim) => this.#stateOf(claim, nodeName) !== 'Bound')
    if (unbound.length === 0) return
    const names = unbound.map(({ metadata }) => `"${metadata.name}"`).join(', ')
    throw new StatusError('Conflict', `claims are not bound on node ${nodeName}: ${names}`)
  }

  /** Resolves once the view knows what became of the claims, it takes too long, or nobody wants to know any more. */
  async #settled({ pod, claims, nodeName }: Binding, written: bigint): Promise<void> {
    const { clock, objects } = this.#ports
    const settled = new AbortController()
    const look = () => {
      if ((objects.position ?? 0n) < written) return
      const states = claims.map((claim) => this.#stateOf(claim, nodeName))
      const isOver = states.includes('Refused') || !states.includes('Waiting')
      if (isOver || !this.#isThere(pod)) settled.abort()
    }
    const unsubscribe = objects.subscribe(look)
    look()
    await clock.sleep(waitMsMax, AbortSignal.any([settled.signal, this.#signal]))
    unsubscribe()
  }

  #stateOf(
    { metadata: { namespace = '', name, uid } }: PersistentVolumeClaim,
    nodeName: string,
  ): 'Bound' | 'Waiting' | 'Refused' {
    const claim = this.#ports.objects.get(persistentVolumeClaims, namespace, name)?.object
    if (claim === undefined || claim.metadata.uid !== uid) return 'Refused'
    if (isBound(claim)) return 'Bound'
    return selectedNodeOf(claim) === nodeName ? 'Waiting' : 'Refused'
  }

  #isThere({ metadata: { namespace = '', name, uid } }: Pod): boolean {
    return this.#ports.objects.get(pods, namespace, name)?.object.metadata.uid === uid
  }
}

/** The claim with the node on which its volume is to be; of two pods the first has chosen. */
function withNode(claim: KubernetesObject, nodeName: string): KubernetesObject {
  if (!isOf(persistentVolumeClaims, claim) || isBound(claim)) return claim
  const selected = selectedNodeOf(claim)
  if (selected === nodeName) return claim
  if (selected !== undefined) {
    throw new StatusError('Conflict', `claim ${claim.metadata.name} is used on node ${selected}`)
  }
  const { annotations, ...metadata } = claim.metadata
  const { selectedNode } = storageAnnotations
  return {
    ...claim,
    metadata: { ...metadata, annotations: { ...annotations, [selectedNode]: nodeName } },
  }
}
