import type { Bus, Message } from '../bus/bus.ts'
import type { Clock } from '../clock.ts'
import type { Ids } from '../ids.ts'
import { type Logger, silent } from '../logger.ts'
import type { Reader } from '../reading/reader.ts'
import { untilFullSecondMs } from '../until-full-second.ts'
import { GatheredFrames } from './gathered-frames.ts'
import { MalformedMessages } from './malformed-messages.ts'
import { eventsHead, trustedEvents } from './wire.ts'
import { encodeWireEvent } from './wire-event.ts'
import { decodeHead, encodeHead, type WireHead } from './wire-head.ts'

/** The reader must follow the log itself, because the relay feeds the wire. */
export type RelayPorts = { reader: Reader; bus: Bus; clock: Clock; ids: Ids; logger?: Logger }

/** A standby relay begins after this many turns without another one's head. */
const silentTurnsMax = 2

/**
 * Publishes on the trusted services' wire every event that a reader has applied, once that has reached the end of the
 * log, and every second the position of the last one. One relay is active; the others stand by until its heads cease. A
 * new relay is active until it hears of another one; of two, the one with the lower id goes on. While both are active,
 * readers drop the repeated events.
 */
export class Relay {
  readonly #ports: RelayPorts
  readonly #id: string
  readonly #frames: GatheredFrames
  readonly #malformed: MalformedMessages
  #isActive = true
  #silentTurns = 0
  #last: bigint | undefined

  constructor(ports: RelayPorts) {
    this.#ports = ports
    this.#id = ports.ids.next()
    this.#frames = new GatheredFrames(ports)
    this.#malformed = new MalformedMessages(ports.logger ?? silent)
  }

  /** Whether this relay is the active one, also for the wires of nodes. */
  get isActive(): boolean {
    return this.#isActive
  }

  /** Runs until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    const { reader, bus, clock } = this.#ports
    const subscriptions = [bus.subscribe(eventsHead, (message) => this.#hear(message))]
    void reader.ready.then(() => {
      if (!signal.aborted) subscriptions.push(this.#begin())
    })
    while (!signal.aborted) {
      this.#turn()
      await clock.sleep(untilFullSecondMs(clock.now()), signal)
    }
    for (const end of subscriptions) end()
  }

  #begin(): () => void {
    const { reader } = this.#ports
    this.#last = reader.position
    return reader.subscribe((event) => {
      if (this.#isActive) this.#frames.add(trustedEvents, encodeWireEvent(event, this.#last))
      this.#last = event.position
    })
  }

  #turn(): void {
    if (!this.#isActive && ++this.#silentTurns > silentTurnsMax) this.#isActive = true
    if (!this.#isActive || this.#last === undefined) return
    // A head must not be ahead of the published events.
    this.#frames.flush()
    this.#ports.bus.publish(eventsHead, encodeHead({ position: this.#last, relay: this.#id }))
  }

  #hear(message: Message): void {
    const said = { kind: 'wire head', subject: message.subject }
    const heed = ({ relay }: WireHead): void => {
      if (relay === this.#id) return
      this.#silentTurns = 0
      if (relay < this.#id) this.#isActive = false
    }
    this.#malformed.taken(said, () => decodeHead(message), heed)
  }
}
