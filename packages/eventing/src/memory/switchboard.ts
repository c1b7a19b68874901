import type { Headers, Message } from '../bus/bus.ts'
import { isInbox, tokensMatch } from '../bus/subject.ts'

/** A message from one connection to another. */
export type Envelope = { from: string; to: string; subject: string }

/** Delivers a message now, later, or never. */
export type Deliver = (handOver: () => void, envelope: Envelope) => void

export type Subscription = {
  bus: string
  pattern: string
  queue: string | undefined
  connected: () => boolean
  onMessage: (message: Message) => void
  /** Publishes the receiver's answer. */
  answer: (packet: Packet) => void
}

export type Packet = { subject: string; data: Uint8Array; headers: Headers; reply?: string }

/** The subscriptions of all connections: decides by NATS' rules who receives a message. */
export class Switchboard {
  readonly #deliver: Deliver
  /** Each subscription with the tokens of its pattern. */
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

  /** Delivers a packet; returns the number of receivers. */
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

  /** All plain subscriptions that match, and the next member of each queue group. */
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
