import type { Bus, Clock, Logger } from '@reckon/eventing'
import { silent } from '@reckon/eventing'
import { MalformedMessages } from '@reckon/eventing/bus'
import type { Pod } from '@reckon/kubernetes'
import { NodeUsages, nodeUsage } from '@reckon/node-plane'
import type { HeardUsage } from './usage-sample.ts'

/** The usage of pods as their nodes last reported it. */
export class HeardUsages {
  readonly #bus: Bus
  readonly #clock: Clock
  readonly #usages: NodeUsages

  constructor({ bus, clock, logger = silent }: { bus: Bus; clock: Clock; logger?: Logger }) {
    this.#bus = bus
    this.#clock = clock
    this.#usages = new NodeUsages(new MalformedMessages(logger))
  }

  /** Subscribes; returns a function to unsubscribe. */
  listen(): () => void {
    return this.#bus.subscribe(nodeUsage('*'), (message) =>
      this.#usages.hear(message, this.#clock.now()),
    )
  }

  /** Undefined where its node reports nothing about it. */
  of({ metadata: { uid = '' }, spec: { nodeName = '' } }: Pod): HeardUsage | undefined {
    const read = this.#usages.of(nodeName, this.#clock.now())
    const told = read?.pods.get(uid)
    return read && told && { ...told, heardAtMs: read.heardAtMs }
  }
}
