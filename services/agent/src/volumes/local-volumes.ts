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

/** The pods that are about to go: one that was deleted by force may still start, and would make its volume anew. */
type LeavingPods = {
  isLeaving(claim: string): boolean
  onEachEnd(listener: () => void): void
}

/**
 * The node's own volumes: tells where those will lie that claims wait for, and removes those that nobody has any more.
 * A directory is made only once its volume is recorded (by the first pod that mounts it), and its removal is told only
 * once it is gone: so none is ever there that no volume tells of, whenever the agent ends.
 */
export class LocalVolumes {
  readonly #node: NodeContext
  readonly #pods: LeavingPods
  readonly #alarm: Alarm
  /** What was told and heard, until the cluster says otherwise. */
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

  /** Until the signal aborts. */
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

  /** For each claim that waits for a volume of this node. */
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

  /** Whether all are gone that are to go; one that is not holds up no other. */
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
