import {
  type Bus,
  backOffMs,
  type Cause,
  type Clock,
  type Logger,
  MalformedMessages,
} from '@reckon/eventing/bus'
import type { Node } from '@reckon/kubernetes'
import {
  type NodeReport,
  type PodGoneReport,
  type PodStatusReport,
  podNotesMax,
  type Report,
  type ReportReply,
  sendReport,
  type VolumeGoneReport,
  type VolumeReadyReport,
} from '@reckon/node-plane'
import type { PodIdentity } from '../runtime/runtime.ts'

const rests = { minMs: 200, maxMs: 5_000 }
/** The key of the node's own reports. */
const ofNode = ''

/** A report without the number of the agent's boot. */
type ReportDraft =
  | Omit<NodeReport, 'bootId' | 'boot' | 'number'>
  | Omit<PodStatusReport, 'boot'>
  | PodGoneReport
  | VolumeReport

type VolumeReport = VolumeReadyReport | VolumeGoneReport

/** A pod's status, notes, and the event that caused them. */
type PodSaid = Pick<PodStatusReport, 'status' | 'notes' | 'imagesFound' | 'cause'>

/** The next report about one thing, and the promise of its delivery. */
type Slot = { next: ReportDraft | undefined; delivered: Promise<void> }

/**
 * Reports to the cluster what the node has observed: about each pod one report at a time, always the newest; retried
 * while no api answers or all are busy. Reports about pods wait until the cluster has numbered this boot of the agent.
 */
export class Reporter {
  readonly #ports: { bus: Bus; clock: Clock; log: Logger }
  readonly #node: string
  readonly #bootId: string
  readonly #signal: AbortSignal
  readonly #malformed: MalformedMessages
  readonly #slots = new Map<string, Slot>()
  readonly #numbers = new Map<string, number>()
  readonly #numbered = Promise.withResolvers<void>()
  /** The number of this boot, once assigned. */
  #boot: number | undefined
  /** Whether the latest recorded boot is this one. */
  #isRegistered = false

  constructor(
    ports: { bus: Bus; clock: Clock; log: Logger },
    node: { name: string; bootId: string },
    signal: AbortSignal,
  ) {
    this.#ports = ports
    this.#node = node.name
    this.#bootId = node.bootId
    this.#signal = signal
    this.#malformed = new MalformedMessages(ports.log)
    signal.addEventListener('abort', () => this.#numbered.resolve(), { once: true })
  }

  get isRegistered(): boolean {
    return this.#isRegistered
  }

  /** Reports a pod's whole status. It replaces one that was not sent yet, except for its notes. */
  podStatus(pod: PodIdentity, { status, notes = [], imagesFound = [], cause }: PodSaid): void {
    const number = this.#nextNumber(pod.uid)
    const unsent = this.#unsent(pod.uid)
    const all = [...notes, ...(unsent?.notes ?? [])].slice(0, podNotesMax)
    const found = [...new Set([...imagesFound, ...(unsent?.imagesFound ?? [])])]
    void this.#enqueue(pod.uid, {
      ...{ type: 'PodStatus', ...pod, number, status, cause },
      ...(all.length > 0 && { notes: all }),
      ...(found.length > 0 && { imagesFound: found }),
    })
  }

  /** Reports that nothing of a deleted pod is left; resolves once acknowledged. */
  async podGone(pod: PodIdentity, cause: Cause): Promise<void> {
    await this.#enqueue(pod.uid, { type: 'PodGone', ...pod, cause })
    this.#numbers.delete(pod.uid)
  }

  /** Reports that a volume can be created here, or is removed; resolves once acknowledged. */
  volume(report: VolumeReport): Promise<void> {
    return this.#enqueue(`${report.type} ${report.uid}`, report)
  }

  /** Reports the Node, and whether this answers its having been given up; resolves once acknowledged. */
  node(node: Node, isBack: boolean): Promise<void> {
    return this.#enqueue(ofNode, { type: 'Node', node, ...(isBack && { isBack }) })
  }

  #unsent(podUid: string): Omit<PodStatusReport, 'boot'> | undefined {
    const unsent = this.#slots.get(podUid)?.next
    return unsent?.type === 'PodStatus' ? unsent : undefined
  }

  #enqueue(key: string, draft: ReportDraft): Promise<void> {
    const busy = this.#slots.get(key)
    if (busy !== undefined) {
      busy.next = draft
      return busy.delivered
    }
    const slot: Slot = { next: draft, delivered: Promise.resolve() }
    this.#slots.set(key, slot)
    slot.delivered = this.#send(slot, key)
    return slot.delivered
  }

  async #send(slot: Slot, key: string): Promise<void> {
    let failures = 0
    while (slot.next !== undefined && !this.#signal.aborted) {
      if (slot.next.type === 'PodStatus') await this.#numbered.promise
      if (this.#signal.aborted) break
      const draft = slot.next
      const report = this.#reportOf(draft)
      const reply = await sendReport(this.#ports.bus, this.#malformed, { node: this.#node, report })
      if (reply !== undefined && reply.outcome !== 'Busy') {
        if (this.#isHeard(draft, reply) && slot.next === draft) slot.next = undefined
        failures = 0
        continue
      }
      failures += 1
      await this.#ports.clock.sleep(backOffMs(failures, rests), this.#signal)
    }
    // In the same turn in which nothing is left to send, so that later reports get a new slot.
    this.#slots.delete(key)
  }

  #reportOf(draft: ReportDraft): Report {
    if (draft.type !== 'Node' && draft.type !== 'PodStatus') return draft
    if (draft.type === 'PodStatus') return { ...draft, boot: this.#boot ?? 0 }
    const boot = this.#isRegistered && this.#boot !== undefined ? { boot: this.#boot } : {}
    return { ...draft, bootId: this.#bootId, ...boot, number: this.#nextNumber(ofNode) }
  }

  /** Handles an answer; false where the report must be repeated, because the node must register again. */
  #isHeard(draft: ReportDraft, { outcome, message, boot }: ReportReply): boolean {
    if (outcome === 'Refused') {
      this.#ports.log.warn({ report: draft.type, reason: message }, 'a report was refused')
    }
    if (draft.type !== 'Node' || outcome === 'Refused') return true
    this.#isRegistered = outcome !== 'Ignored'
    if (!this.#isRegistered) return false
    this.#boot = boot
    this.#numbered.resolve()
    return true
  }

  #nextNumber(key: string): number {
    const number = (this.#numbers.get(key) ?? 0) + 1
    this.#numbers.set(key, number)
    return number
  }
}
