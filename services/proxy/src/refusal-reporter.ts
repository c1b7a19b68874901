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
/** The limit that an api accepts. */
const whyMax = 2_048
/** Envoy quotes an invalid value in full, however long, before it says what is wrong with it. */
const quoted = /^.*\n: (?=Proto constraint validation failed)/s

/**
 * Reports to the api that Envoy rejects an Ingress, so that users see why. While nobody answers or all apis are busy,
 * it tries again with the latest report for each Ingress; a refused report is given up.
 */
export class RefusalReporter {
  readonly #ports: { bus: Bus; clock: Clock; log: Logger }
  readonly #node: string
  readonly #signal: AbortSignal
  readonly #malformed: MalformedMessages
  /** The pending reports, by Ingress. */
  readonly #untold = new Map<string, string>()
  /** The Ingresses of which a report is being sent. */
  readonly #sending = new Set<string>()

  constructor(ports: { bus: Bus; clock: Clock; log: Logger }, node: string, signal: AbortSignal) {
    this.#ports = ports
    this.#node = node
    this.#signal = signal
    this.#malformed = new MalformedMessages(ports.log)
  }

  /** Resolves once the report was accepted, refused or dropped, or replaced by a newer one for this Ingress. */
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

  /** Drops the pending report of an Ingress that has changed: it would blame the wrong version. */
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
    // Synchronously, so that a report made at this moment is not forgotten.
    this.#sending.delete(ingress)
  }

  /** A refusal by the wire (too large, or not this node's subject) is treated like one by an api. */
  async #replyTo(report: Report): Promise<ReportReply | undefined> {
    try {
      return await sendReport(this.#ports.bus, this.#malformed, { node: this.#node, report })
    } catch (error) {
      if (!isRefusal(error)) throw error
      return { outcome: 'Refused', message: error.message }
    }
  }
}
