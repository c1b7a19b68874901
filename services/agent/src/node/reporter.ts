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
/** The node's own reports among those of its pods. */
const ofNode = ''

/** What is to be told: a report as it is without the number of the agent's start. */
type ReportDraft =
  | Omit<NodeReport, 'bootId' | 'boot' | 'number'>
  | Omit<PodStatusReport, 'boot'>
  | PodGoneReport
  | VolumeReport

type VolumeReport = VolumeReadyReport | VolumeGoneReport

/** A pod's status, what was noticed besides, and the event that these answer. */
type PodSaid = Pick<PodStatusReport, 'status' | 'notes' | 'imagesFound' | 'cause'>

/** What is to be told next about one thing, and who wants to know that it was. */
type Slot = { next: ReportDraft | undefined; delivered: Promise<void> }

/**
 * Tells the cluster what the node has seen: about each pod one report at a time, always the newest. While nobody
 * answers, or all are busy, it tries again. What pods are is told once the cluster has numbered this start of the
 * agent.
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
  /** Which of the node's starts this one is, once it was told. */
  #boot: number | undefined
  /** Whether the last start that is recorded is this one. */
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

  /** Tells a pod's whole status; one that was not yet sent is replaced, but for what was noticed. */
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

  /** Tells that nothing of a deleted pod is left; resolves once that was heard. */
  async podGone(pod: PodIdentity, cause: Cause): Promise<void> {
    await this.#enqueue(pod.uid, { type: 'PodGone', ...pod, cause })
    this.#numbers.delete(pod.uid)
  }

  /** Tells that a volume can be made here, or is removed; resolves once that was heard. */
  volume(report: VolumeReport): Promise<void> {
    return this.#enqueue(`${report.type} ${report.uid}`, report)
  }

  /** Tells what the node is, and whether that is its word on having been given up; resolves once that was heard. */
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
    // In the same turn in which nothing is left to say: what comes later has a slot of its own.
    this.#slots.delete(key)
  }

  #reportOf(draft: ReportDraft): Report {
    if (draft.type !== 'Node' && draft.type !== 'PodStatus') return draft
    if (draft.type === 'PodStatus') return { ...draft, boot: this.#boot ?? 0 }
    const boot = this.#isRegistered && this.#boot !== undefined ? { boot: this.#boot } : {}
    return { ...draft, bootId: this.#bootId, ...boot, number: this.#nextNumber(ofNode) }
  }

  /** Takes an answer; false where the same is to be told once more: a node that is to register again. */
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
