import type { Bus, Ids } from '@reckon/eventing'
import { inboxOf } from '@reckon/eventing/bus'
import { nodeHeartbeat, nodeIn } from '@reckon/node-plane'
import { HeardApis } from '../system-objects/heard-apis.ts'
import { Silence } from './silence.ts'

/**
 * Receives the heartbeats of nodes and apis, and checks that it would receive them: every second it publishes an echo
 * to the replicators' own inbox, and silence counts only while echoes return.
 */
export class Heartbeats {
  readonly silence = new Silence()
  readonly apis = new HeardApis()
  readonly #bus: Bus
  readonly #subject: string
  #reconnects: number
  #said = 0
  #heard = 0

  constructor({ bus, ids }: { bus: Bus; ids: Ids }) {
    this.#bus = bus
    this.#subject = `${inboxOf('replicator')}.echo.${ids.next()}`
    this.#reconnects = bus.reconnects
  }

  /** Subscribes; returns a function to unsubscribe. */
  listen(): () => void {
    const ends = [
      this.apis.listen(this.#bus),
      this.#bus.subscribe(nodeHeartbeat('*'), ({ subject }) => this.silence.heard(nodeIn(subject))),
      this.#bus.subscribe(this.#subject, ({ data }) =>
        this.#echo(Number(String.fromCharCode(...data))),
      ),
    ]
    return () => {
      for (const end of ends) end()
    }
  }

  /** Call every second. */
  say(): void {
    const { reconnects } = this.#bus
    if (this.#heard !== this.#said || reconnects !== this.#reconnects) {
      this.silence.interrupted()
      this.apis.silence.interrupted()
    }
    this.#reconnects = reconnects
    this.#bus.publish(this.#subject, new TextEncoder().encode(String(++this.#said)))
  }

  /** A duplicate echo, or one that comes after the next was sent, is ignored. */
  #echo(number: number): void {
    if (number !== this.#said || number === this.#heard) return
    this.#heard = number
    this.silence.echoed()
    this.apis.silence.echoed()
  }
}
