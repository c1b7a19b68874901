import { Alarm } from '@reckon/eventing/bus'
import {
  isToRemove,
  madeOn,
  makingNodeOf,
  messageOf,
  persistentVolumeClaims,
  persistentVolumes,
  provisionedName,
} from '@reckon/kubernetes'
import type { NodeContext } from '../node/node-context.ts'
import { isPassing } from '../runtime/runtime.ts'

const retryMs = 5_000

/** The terminating pods: one that was force-deleted may still start, and would create its volume again. */
type LeavingPods = {
  isLeaving(claim: string): boolean
  onEachEnd(listener: () => void): void
}

/**
 * Manages the node's own volumes: offers a place for waiting claims, and removes released volumes. A directory is
 * created only once its volume is recorded (by the first pod that mounts it), and its removal is reported only once it
 * is gone. So no directory is ever without a volume that names it, whenever the agent ends.
 */
export class LocalVolumes {
  readonly #node: NodeContext
  readonly #pods: LeavingPods
  readonly #alarm: Alarm
  /** Reports that were acknowledged, until the cluster's state changes. */
  readonly #told = new Set<string>()

  constructor(node: NodeContext, pods: LeavingPods) {
    this.#node = node
    this.#pods = pods
    pods.onEachEnd(() => this.#alarm.ring())
    this.#alarm = new Alarm(node.ports.clock)
    node.known.onEachChange(persistentVolumeClaims, ({ after }) => this.#look(after?.object))
    node.known.onEachChange(persistentVolumes, ({ after }) => this.#look(after?.object))
    node.known.onEachRead(() => {
      this.#told.clear()
      this.#alarm.ring()
    })
  }

  /** Runs until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    const { known, ports } = this.#node
    await known.firstRead(signal)
    while (!signal.aborted) {
      const { rings } = this.#alarm
      this.#offer()
      const areGone = await this.#remove()
      const untilMs = areGone ? undefined : ports.clock.now() + retryMs
      await this.#alarm.wait(rings, { untilMs, signal })
    }
  }

  #look(changed: { metadata: { uid?: string } } | undefined): void {
    const { uid } = changed?.metadata ?? {}
    if (uid !== undefined) this.#told.delete(uid)
    this.#alarm.ring()
  }

  /** Reports a place for each claim that waits for a volume of this node. */
  #offer(): void {
    const { known, ports, reporter, configuration } = this.#node
    for (const { object, cause } of known.list(persistentVolumeClaims)) {
      const { namespace = '', name, uid = '' } = object.metadata
      if (makingNodeOf(object) !== configuration.nodeName || this.#told.has(uid)) continue
      this.#told.add(uid)
      const path = ports.disk.volumePath(provisionedName(uid))
      void reporter.volume({ type: 'VolumeReady', namespace, name, uid, path, cause })
    }
  }

  /** Removes released volumes; returns whether all are gone. A failure delays no other volume. */
  async #remove(): Promise<boolean> {
    const { known, ports, reporter, configuration } = this.#node
    let areGone = true
    for (const { object, cause } of known.list(persistentVolumes)) {
      const { name, uid = '' } = object.metadata
      const isOurs = madeOn(object) === configuration.nodeName
      if (!isOurs || !isToRemove(object) || this.#told.has(uid)) continue
      const { namespace, name: claim } = object.spec.claimRef ?? {}
      if (claim && this.#pods.isLeaving(`${namespace}/${claim}`)) continue
      try {
        await ports.disk.removeVolume(name)
        this.#told.add(uid)
        void reporter.volume({ type: 'VolumeGone', name, uid, cause })
      } catch (error) {
        if (!isPassing(error)) throw error
        ports.log.warn({ volume: name, reason: messageOf(error) }, 'a volume is not removed')
        areGone = false
      }
    }
    return areGone
  }
}
