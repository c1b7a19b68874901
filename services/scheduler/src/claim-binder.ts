import { type Origin, streamOf } from '@reckon/domain'
import {
  isBound,
  isReachedFrom,
  isRefusal,
  type KubernetesObject,
  namesOf,
  nodes,
  type PersistentVolumeClaim,
  type Pod,
  persistentVolumeClaims,
  persistentVolumes,
  podClaims,
  pods,
  type Resource,
  StatusError,
  selectedNodeOf,
  storageAnnotations,
  withoutSelectedNode,
} from '@reckon/kubernetes'
import { changeObject, positionOf, type Written } from '@reckon/writing'
import type { TermPorts } from './ports.ts'
import { StreamWatch } from './stream-watch.ts'
import { surely } from './surely.ts'

/** A tenth of upstream's timeout: our own provisioner answers at once, and the node stays chosen. */
const waitMsMax = 60_000

/** A pod's claims were not bound in time; in Kubernetes' wording. */
export class ClaimsUnbound extends StatusError {
  constructor() {
    const why = 'binding volumes: context deadline exceeded'
    super('Conflict', `running PreBind plugin "VolumeBinding": ${why}`)
  }
}

/** A pod to be bound to a node, and its claims that are bound only then. */
export type Binding = {
  pod: Pod
  claims: readonly PersistentVolumeClaim[]
  nodeName: string
  origin: Origin
}

/** What upstream's VolumeBinding does before binding a pod: writes the node to its claims, and waits for them. */
export class ClaimBinder {
  readonly #ports: TermPorts
  readonly #watch: StreamWatch
  readonly #signal: AbortSignal

  constructor(ports: TermPorts, signal: AbortSignal) {
    this.#ports = ports
    this.#watch = new StreamWatch(ports.objects)
    this.#signal = signal
  }

  /** The claims that are bound only after the pod has a node. */
  unboundOf(pod: Pod): readonly PersistentVolumeClaim[] {
    return podClaims(pod).flatMap(({ path }) => {
      const claim = this.#ports.objects.get(persistentVolumeClaims, ...namesOf(path))?.object
      return claim === undefined || isBound(claim) ? [] : [claim]
    })
  }

  /**
   * Resolves once all are bound. Refuses with `Conflict` where a claim cannot be bound on that node; with
   * `ClaimsUnbound` after a timeout, after which any node is possible again; and with `Timeout` as `surely`.
   */
  async bind(binding: Binding): Promise<void> {
    const { pod, claims, nodeName } = binding
    let written = 0n
    for (const claim of claims) {
      const what = await this.#change(claim, binding, (current) => withNode(current, nodeName))
      const position = what ? positionOf(what) : 0n
      if (position > written) written = position
    }
    await this.#settled(binding, written)
    const unbound = claims.filter((claim) => this.#stateOf(claim, nodeName) !== 'Bound')
    if (unbound.length === 0) return
    const isWaiting = unbound.every((claim) => this.#stateOf(claim, nodeName) === 'Waiting')
    if (isWaiting && this.#isThere(pod) && !this.#signal.aborted) {
      await this.#takeBack(unbound, binding)
      throw new ClaimsUnbound()
    }
    const names = unbound.map(({ metadata }) => `"${metadata.name}"`).join(', ')
    throw new StatusError('Conflict', `claims are not bound on node ${nodeName}: ${names}`)
  }

  /** Removes the node from the claims. A volume created there after all is not used. */
  async #takeBack(claims: readonly PersistentVolumeClaim[], binding: Binding): Promise<void> {
    const { nodeName } = binding
    for (const claim of claims) {
      try {
        await this.#change(claim, binding, (current) => withoutSelectedNode(current, nodeName))
      } catch (error) {
        if (!isRefusal(error, 'NotFound') && !isRefusal(error, 'Conflict')) throw error
      }
    }
  }

  /** Repeated after an unknown outcome, it changes only what is not done yet. */
  #change(
    { metadata: { namespace = '', name, uid = '' } }: PersistentVolumeClaim,
    { origin }: Binding,
    change: (current: PersistentVolumeClaim) => PersistentVolumeClaim,
  ): Promise<Written | undefined> {
    return surely(this.#ports, this.#signal, () =>
      changeObject(this.#ports, {
        target: { resource: persistentVolumeClaims, namespace, name },
        preconditions: { uid },
        change,
        origin: { ...origin, verb: 'update' },
      }),
    )
  }

  /** Resolves once the view knows the outcome, after a timeout, or when the signal aborts. */
  async #settled({ pod, claims, nodeName }: Binding, written: bigint): Promise<void> {
    const { clock, objects } = this.#ports
    const settled = new AbortController()
    const look = () => {
      if ((objects.position ?? 0n) < written) return
      const states = claims.map((claim) => this.#stateOf(claim, nodeName))
      const isOver = states.includes('Refused') || !states.includes('Waiting')
      if (isOver || !this.#isThere(pod)) settled.abort()
    }
    const streams = [
      streamIn(pods, pod.metadata),
      ...claims.map(({ metadata }) => streamIn(persistentVolumeClaims, metadata)),
    ]
    const end = this.#watch.watch(streams, look)
    look()
    await clock.sleep(waitMsMax, AbortSignal.any([settled.signal, this.#signal]))
    end()
  }

  #stateOf(
    { metadata: { namespace = '', name, uid } }: PersistentVolumeClaim,
    nodeName: string,
  ): 'Bound' | 'Waiting' | 'Refused' {
    const claim = this.#ports.objects.get(persistentVolumeClaims, namespace, name)?.object
    if (claim === undefined || claim.metadata.uid !== uid) return 'Refused'
    if (isBound(claim)) return this.#isReached(claim, nodeName) ? 'Bound' : 'Refused'
    return selectedNodeOf(claim) === nodeName ? 'Waiting' : 'Refused'
  }

  /** The claim may have been bound since the node was chosen: to a volume that was made where it was to be before. */
  #isReached({ spec: { volumeName = '' } }: PersistentVolumeClaim, nodeName: string): boolean {
    const { objects } = this.#ports
    const volume = objects.get(persistentVolumes, '', volumeName)?.object
    const node = objects.get(nodes, '', nodeName)?.object
    return volume === undefined || node === undefined || isReachedFrom(volume, node)
  }

  #isThere({ metadata: { namespace = '', name, uid } }: Pod): boolean {
    return this.#ports.objects.get(pods, namespace, name)?.object.metadata.uid === uid
  }
}

const streamIn = (resource: Resource, { namespace = '', name }: KubernetesObject['metadata']) =>
  streamOf(resource, namespace, name)

/** The claim with the node for its volume; if two pods choose, the first one counts. */
function withNode(claim: PersistentVolumeClaim, nodeName: string): PersistentVolumeClaim {
  if (isBound(claim)) return claim
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
