import {
  type Bus,
  backOffMs,
  type Clock,
  type Logger,
  MalformedMessages,
} from '@reckon/eventing/bus'
import { namesOf } from '@reckon/kubernetes'
import { type Report, sendReport } from '@reckon/node-plane'

const rests = { minMs: 200, maxMs: 5_000 }

/**
 * Tells api that Envoy does not take an Ingress as it is, so that who looks at it learns why. While nobody answers, or all
 * are busy, it tries again, of each Ingress with what was said of it last.
 */
export class RefusalReporter {
  readonly #ports: { bus: Bus; clock: Clock; log: Logger }
  readonly #node: string
  readonly #signal: AbortSignal
  readonly #malformed: MalformedMessages
  /** By Ingress, what is still to be told. */
  readonly #untold = new Map<string, string>()

  constructor(ports: { bus: Bus; clock: Clock; log: Logger }, node: string, signal: AbortSignal) {
    this.#ports = ports
    this.#node = node
    this.#signal = signal
    this.#malformed = new MalformedMessages(ports.log)
  }

  /** Resolves once it was heard, or what is told of this Ingress meanwhile takes its place. */
  tell = async (ingress: string, position: string, why: string): Promise<void> => {
    const { log } = this.#ports
    log.warn({ ingress, position, why }, 'Envoy refuses an Ingress, and goes on with what it was')
    const isUnderWay = this.#untold.has(ingress)
    this.#untold.set(ingress, why)
    if (!isUnderWay) await this.#send(ingress)
  }

  async #send(ingress: string): Promise<void> {
    const { bus, clock, log } = this.#ports
    const [namespace, name] = namesOf(ingress)
    let failures = 0
    for (let message = this.#untold.get(ingress); message !== undefined; ) {
      if (this.#signal.aborted) return
      const report: Report = { type: 'IngressRefused', namespace, name, message }
      const reply = await sendReport(bus, this.#malformed, { node: this.#node, report })
      if (reply === undefined || reply.outcome === 'Busy') {
        failures += 1
        await clock.sleep(backOffMs(failures, rests), this.#signal)
      } else {
        failures = 0
        if (reply.outcome === 'Refused') {
          log.warn({ report: report.type, reason: reply.message }, 'a report was refused')
        }
        if (this.#untold.get(ingress) === message) this.#untold.delete(ingress)
      }
      message = this.#untold.get(ingress)
    }
  }
}
