import type { Headers, Message } from '../bus/bus.ts'
import { isInbox, tokensMatch } from '../bus/subject.ts'

/** One message on its way from one connection to another. */
export type Envelope = { from: string; to: string; subject: string }

/** Hands a message over, now or later, or never. */
export type Deliver = (handOver: () => void, envelope: Envelope) => void

export type Subscription = {
  bus: string
  pattern: string
  queue: string | undefined
  connected: () => boolean
  onMessage: (message: Message) => void
  /** How the one who hears publishes an answer. */
  answer: (packet: Packet) => void
}

export type Packet = { subject: string; data: Uint8Array; headers: Headers; reply?: string }

/** Where all connections' subscriptions meet: who gets a message, by NATS' rules. */
export class Switchboard {
  readonly #deliver: Deliver
  /** Each with its pattern's tokens. */
  readonly #subscriptions = new Map<Subscription, readonly string[]>()
  readonly #turns = new Map<string, number>()

  constructor(deliver: Deliver) {
    this.#deliver = deliver
  }

  add(subscription: Subscription): void {
    this.#subscriptions.set(subscription, subscription.pattern.split('.'))
  }

  remove(subscription: Subscription): void {
    this.#subscriptions.delete(subscription)
  }

  /** Answers to how many the packet went. */
  send(from: string, packet: Packet): number {
    const chosen = this.#receivers(packet.subject)
    for (const subscription of chosen) {
      const envelope = { from, to: subscription.bus, subject: packet.subject }
      this.#deliver(() => this.#handOver(subscription, packet), envelope)
    }
    return chosen.length
  }

  #handOver(subscription: Subscription, { subject, data, headers, reply }: Packet): void {
    if (!this.#subscriptions.has(subscription) || !subscription.connected()) return
    subscription.onMessage({
      subject,
      data,
      headers,
      reply,
      respond: (answer, answerHeaders = {}) => {
        if (reply !== undefined && isInbox(reply))
          subscription.answer({ subject: reply, data: answer, headers: answerHeaders })
      },
    })
  }

  /** Every plain subscription, and of each queue group the one whose turn it is. */
  #receivers(subject: string): Subscription[] {
    const chosen: Subscription[] = []
    const groups = new Map<string, Subscription[]>()
    const tokens = subject.split('.')
    for (const [subscription, wanted] of this.#subscriptions) {
      if (!subscription.connected() || !tokensMatch(wanted, tokens)) continue
      if (subscription.queue === undefined) chosen.push(subscription)
      else {
        const group = `${subscription.pattern} ${subscription.queue}`
        groups.set(group, [...(groups.get(group) ?? []), subscription])
      }
    }
    for (const [group, members] of groups) {
      const turn = this.#turns.get(group) ?? 0
      this.#turns.set(group, turn + 1)
      chosen.push(members[turn % members.length] as Subscription)
    }
    return chosen
  }
}
