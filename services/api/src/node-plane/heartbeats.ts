import type { Bus, Clock } from '@reckon/eventing'
import { nodeHeartbeat, nodeIn } from '@reckon/node-plane'

/** When each node has said last that it lives: heard on the wire, and recorded nowhere. */
export class Heartbeats {
  readonly #heardAtMs = new Map<string, number>()

  /** Listens as long as the bus does. */
  constructor({ bus, clock }: { bus: Bus; clock: Clock }) {
    bus.subscribe(nodeHeartbeat('*'), ({ subject }) =>
      this.#heardAtMs.set(nodeIn(subject), clock.now()),
    )
  }

  /** In milliseconds since the Unix epoch; undefined of a node that this api has not heard. */
  lastMs(node: string): number | undefined {
    return this.#heardAtMs.get(node)
  }
}
