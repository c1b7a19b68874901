import type { Bus, Clock } from '@reckon/eventing'
import { nodeHeartbeat, nodeIn } from '@reckon/node-plane'

/** A node that has been silent for this long is forgotten: there may no longer be a node of its name. */
const silenceMsMax = 24 * 60 * 60 * 1000

/** When each node last sent a heartbeat; heard on the wire and recorded nowhere. */
export class Heartbeats {
  /** In order of the last heartbeat, oldest first. */
  readonly #heardAtMs = new Map<string, number>()

  /** Listens for as long as the bus lives. */
  constructor({ bus, clock }: { bus: Pick<Bus, 'subscribe'>; clock: Pick<Clock, 'now'> }) {
    bus.subscribe(nodeHeartbeat('*'), ({ subject }) => this.#hear(nodeIn(subject), clock.now()))
  }

  /** In milliseconds since the Unix epoch; undefined of a node that this api has not heard. */
  lastMs(node: string): number | undefined {
    return this.#heardAtMs.get(node)
  }

  #hear(node: string, nowMs: number): void {
    this.#heardAtMs.delete(node)
    this.#heardAtMs.set(node, nowMs)
    for (const [silent, atMs] of this.#heardAtMs) {
      if (nowMs - atMs <= silenceMsMax) return
      this.#heardAtMs.delete(silent)
    }
  }
}
