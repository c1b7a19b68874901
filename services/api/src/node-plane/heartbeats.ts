import type { Bus, Clock } from '@reckon/eventing'
import { nodeHeartbeat, nodeIn } from '@reckon/node-plane'

/** A node that has been silent for so long is forgotten: there may be none of its name any more. */
const silenceMsMax = 24 * 60 * 60 * 1000

/** When each node has said last that it lives: heard on the wire, and recorded nowhere. */
export class Heartbeats {
  /** Who was heard last stands last. */
  readonly #heardAtMs = new Map<string, number>()

  /** Listens as long as the bus does. */
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
