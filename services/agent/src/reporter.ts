import type { Bus, Cause, Clock, Logger } from '@reckon/eventing'
import { isRefusal, type Node, type PodStatus } from '@reckon/kubernetes'
import { nodeReports, type Report, type ReportReply } from '@reckon/node-plane'
import type { PodIdentity } from './runtime.ts'

const answerTimeoutMs = 5_000
const retryMsMin = 200
const retryMsMax = 5_000

/** What is to be told next about one thing, and who wants to know that it was. */
type Slot = { next: Report | undefined; told: Promise<void> }

/**
 * Tells the cluster what the node has seen: about each pod one report at a time, always the newest. While nobody
 * answers, or all are busy, it tries again.
 */
export class Reporter {
  readonly #ports: { bus: Bus; clock: Clock; log: Logger }
  readonly #node: string
  readonly #bootId: string
  readonly #signal: AbortSignal
  readonly #slots = new Map<string, Slot>()
  readonly #numbers = new Map<string, number>()

  constructor(
    ports: { bus: Bus; clock: Clock; log: Logger },
    node: { name: string; bootId: string },
    signal: AbortSignal,
  ) {
    this.#ports = ports
    this.#node = node.name
    this.#bootId = node.bootId
    this.#signal = signal
  }

  /** Tells a pod's whole status; one that was not yet sent is replaced. */
  podStatus(pod: PodIdentity, status: PodStatus, cause: Cause): void {
    const number = (this.#numbers.get(pod.uid) ?? 0) + 1
    this.#numbers.set(pod.uid, number)
    const bootId = this.#bootId
    void this.#tell(pod.uid, { type: 'PodStatus', ...pod, bootId, number, status, cause })
  }

  /** Tells that nothing of a deleted pod is left; resolves once that was heard. */
  async podGone(pod: PodIdentity, cause: Cause): Promise<void> {
    await this.#tell(pod.uid, { type: 'PodGone', ...pod, cause })
    this.#numbers.delete(pod.uid)
  }

  /** Tells what the node is; resolves once that was heard. */
  node(node: Node): Promise<void> {
    return this.#tell('', { type: 'Node', node })
  }

  #tell(key: string, report: Report): Promise<void> {
    const busy = this.#slots.get(key)
    if (busy !== undefined) {
      busy.next = report
      return busy.told
    }
    const slot: Slot = { next: report, told: Promise.resolve() }
    this.#slots.set(key, slot)
    slot.told = this.#send(slot).finally(() => this.#slots.delete(key))
    return slot.told
  }

  async #send(slot: Slot): Promise<void> {
    let retryMs = retryMsMin
    while (slot.next !== undefined && !this.#signal.aborted) {
      const report = slot.next
      const reply = await this.#ask(report)
      if (reply !== undefined && reply.outcome !== 'Busy') {
        if (reply.outcome === 'Refused') {
          this.#ports.log.warn(
            { report: report.type, reason: reply.message },
            'a report was refused',
          )
        }
        if (slot.next === report) slot.next = undefined
        retryMs = retryMsMin
        continue
      }
      await this.#ports.clock.sleep(retryMs, this.#signal)
      retryMs = Math.min(retryMs * 2, retryMsMax)
    }
  }

  /** Undefined when nobody answered: the report may have been recorded, and repeating it is harmless. */
  async #ask(report: Report): Promise<ReportReply | undefined> {
    const data = new TextEncoder().encode(JSON.stringify(report))
    try {
      const options = { timeoutMs: answerTimeoutMs }
      const answer = await this.#ports.bus.request(nodeReports(this.#node), data, options)
      return JSON.parse(new TextDecoder().decode(answer.data)) as ReportReply
    } catch (error) {
      if (isRefusal(error, 'ServiceUnavailable') || isRefusal(error, 'Timeout')) return undefined
      throw error
    }
  }
}
