import {
  type Bus,
  backOffMs,
  type Clock,
  type Logger,
  MalformedMessages,
} from '@reckon/eventing/bus'
import { isRefusal, namesOf } from '@reckon/kubernetes'
import { type Report, type ReportReply, sendReport } from '@reckon/node-plane'

const rests = { minMs: 200, maxMs: 5_000 }
/** An api takes no more. */
const whyMax = 2_048
/** What breaks a rule of its API an Envoy quotes as a whole, be it of any length, before it says why. */
const quoted = /^.*\n: (?=Proto constraint validation failed)/s

/**
 * Tells api that Envoy does not take an Ingress as it is, so that who looks at it learns why. While nobody answers, or
 * all are busy, it tries again, of each Ingress with what was said of it last; what is refused it gives up.
 */
export class RefusalReporter {
  readonly #ports: { bus: Bus; clock: Clock; log: Logger }
  readonly #node: string
  readonly #signal: AbortSignal
  readonly #malformed: MalformedMessages
  /** By Ingress, what is still to be told. */
  readonly #untold = new Map<string, string>()
  /** The Ingresses of which something is being sent. */
  readonly #sending = new Set<string>()

  constructor(ports: { bus: Bus; clock: Clock; log: Logger }, node: string, signal: AbortSignal) {
    this.#ports = ports
    this.#node = node
    this.#signal = signal
    this.#malformed = new MalformedMessages(ports.log)
  }

  /** Resolves once it was heard, given up or forgotten, or what is told of this Ingress meanwhile takes its place. */
  tell = async (ingress: string, position: string, why: string): Promise<void> => {
    const { log } = this.#ports
    const message = why.replace(quoted, '').slice(0, whyMax)
    log.warn(
      { ingress, position, why: message },
      'Envoy refuses an Ingress, and goes on with what it was',
    )
    this.#untold.set(ingress, message)
    if (!this.#sending.has(ingress)) await this.#send(ingress)
  }

  /** The Ingress is another by now: what is still to be told of it would accuse the wrong one. */
  forget = (ingress: string): void => {
    this.#untold.delete(ingress)
  }

  async #send(ingress: string): Promise<void> {
    const { clock, log } = this.#ports
    const [namespace, name] = namesOf(ingress)
    let failures = 0
    this.#sending.add(ingress)
    for (let message = this.#untold.get(ingress); message !== undefined; ) {
      if (this.#signal.aborted) return
      const report: Report = { type: 'IngressRefused', namespace, name, message }
      const reply = await this.#replyTo(report)
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
    // At once, lest what is told in this moment be left to nobody.
    this.#sending.delete(ingress)
  }

  /** What the wire itself refuses, as too large or not this node's to say, is refused like what an api does. */
  async #replyTo(report: Report): Promise<ReportReply | undefined> {
    try {
      return await sendReport(this.#ports.bus, this.#malformed, { node: this.#node, report })
    } catch (error) {
      if (!isRefusal(error)) throw error
      return { outcome: 'Refused', message: error.message }
    }
  }
}
