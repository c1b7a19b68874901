import { StatusError } from '@reckon/kubernetes'
import type { Bus, Headers, Message } from '../bus/bus.ts'
import { type Credentials, mayPublish, maySubscribe } from '../bus/permissions.ts'
import { assertPattern, assertSubject, inboxOf } from '../bus/subject.ts'
import type { Clock } from '../clock.ts'
import { createTimerClock } from '../timers/timer-clock.ts'
import { type Deliver, type Packet, type Subscription, Switchboard } from './switchboard.ts'

export type { Envelope } from './switchboard.ts'

export type MemoryHubOptions = {
  /** For the timeouts of requests. */
  clock?: Clock
  payloadBytesMax?: number
  /** In the next microtask by default. */
  deliver?: Deliver
}

/** A connection to the hub; only the twin can lose the wire and find it again on demand. */
export interface MemoryBus extends Bus {
  lose(): void
  find(): void
  /** Publishes with a reply subject of one's own, as any client of NATS can. */
  ask(subject: string, data: Uint8Array, reply: string): void
}

/** The twin of nats-server: connects several `Bus` connections with each other. */
export interface MemoryHub {
  /** Without credentials the connection has all permissions. */
  connect(name?: string, credentials?: Credentials): MemoryBus
}

type RequestOptions = { timeoutMs: number; headers?: Headers }
type Wire = {
  switchboard: Switchboard
  clock: Clock
  payloadBytesMax: number
  nextNumber(): number
}

/** A single connection to a hub of its own. */
export const createMemoryBus = (options: MemoryHubOptions = {}): MemoryBus =>
  createMemoryHub(options).connect()

/** Creates a hub with NATS' subjects, queue groups and requests: at most once, nothing stored. */
export function createMemoryHub(options: MemoryHubOptions = {}): MemoryHub {
  const { clock = createTimerClock({ ref: false }), payloadBytesMax = 1024 * 1024 } = options
  const switchboard = new Switchboard(options.deliver ?? ((handOver) => queueMicrotask(handOver)))
  let connections = 0
  let numbers = 0
  const wire: Wire = { switchboard, clock, payloadBytesMax, nextNumber: () => ++numbers }
  return {
    connect: (name = `connection-${++connections}`, credentials) =>
      new HubConnection(name, wire, credentials),
  }
}

class HubConnection implements MemoryBus {
  readonly #name: string
  readonly #wire: Wire
  readonly #credentials: Credentials | undefined
  readonly #subscriptions = new Set<Subscription>()
  #connected = true
  #closed = false
  #reconnects = 0
  readonly #reconnectListeners = new Set<() => void>()

  constructor(name: string, wire: Wire, credentials: Credentials | undefined) {
    this.#name = name
    this.#wire = wire
    this.#credentials = credentials
  }

  get payloadBytesMax(): number {
    return this.#wire.payloadBytesMax
  }

  get reconnects(): number {
    return this.#reconnects
  }

  get connected(): boolean {
    return this.#connected
  }

  onReconnect(listener: () => void): () => void {
    this.#reconnectListeners.add(listener)
    return () => this.#reconnectListeners.delete(listener)
  }

  publish(subject: string, data: Uint8Array, headers: Headers = {}): void {
    assertSubject(subject)
    this.#assertSize(data)
    this.#send({ subject, data, headers })
  }

  ask(subject: string, data: Uint8Array, reply: string): void {
    assertSubject(subject)
    this.#send({ subject, data, headers: {}, reply })
  }

  subscribe(
    pattern: string,
    onMessage: (message: Message) => void,
    { queue }: { queue?: string } = {},
  ): () => void {
    assertPattern(pattern)
    if (this.#credentials && !maySubscribe(this.#credentials, pattern)) return () => {}
    const connected = (): boolean => this.#connected
    const answer = (packet: Packet) => void this.#send(packet)
    const subscription = { bus: this.#name, pattern, queue, connected, onMessage, answer }
    this.#wire.switchboard.add(subscription)
    this.#subscriptions.add(subscription)
    return () => {
      this.#wire.switchboard.remove(subscription)
      this.#subscriptions.delete(subscription)
    }
  }

  async request(subject: string, data: Uint8Array, options: RequestOptions): Promise<Message> {
    for await (const answer of this.#ask(subject, data, options)) return answer
    throw new Error('unreachable: a request ends by an answer or an error')
  }

  async *requestMany(
    subject: string,
    data: Uint8Array,
    options: RequestOptions,
  ): AsyncGenerator<Message> {
    for await (const answer of this.#ask(subject, data, options)) {
      if (answer.data.length === 0) return
      yield answer
    }
  }

  async flush(): Promise<void> {
    this.#assertConnected()
  }

  async close(): Promise<void> {
    this.#closed = true
    this.#connected = false
    for (const subscription of this.#subscriptions) this.#wire.switchboard.remove(subscription)
    this.#subscriptions.clear()
  }

  lose(): void {
    this.#connected = false
  }

  find(): void {
    if (this.#connected || this.#closed) return
    this.#connected = true
    this.#reconnects++
    for (const listener of this.#reconnectListeners) listener()
  }

  async *#ask(
    subject: string,
    data: Uint8Array,
    { timeoutMs, headers = {} }: RequestOptions,
  ): AsyncGenerator<Message> {
    assertSubject(subject)
    this.#assertConnected()
    this.#assertSize(data)
    const { clock, nextNumber } = this.#wire
    if (!this.#may(subject))
      throw new StatusError('Forbidden', `this user may not ask on ${subject}`)
    const reply = `${this.#credentials ? inboxOf(this.#credentials.user) : '_INBOX'}.${nextNumber()}`
    const answers: Message[] = []
    let arrived = (): void => {}
    const end = this.subscribe(reply, (message) => {
      answers.push(message)
      arrived()
    })
    try {
      if (this.#send({ subject, data, headers, reply }) === 0) {
        throw new StatusError('ServiceUnavailable', `nobody listens on ${subject}`)
      }
      for (;;) {
        if (answers.length === 0) {
          const done = new AbortController()
          arrived = () => done.abort()
          await clock.sleep(timeoutMs, done.signal)
        }
        const answer = answers.shift()
        if (answer === undefined) {
          throw new StatusError('Timeout', `no answer on ${subject} within ${timeoutMs} ms`)
        }
        yield answer
      }
    } finally {
      end()
    }
  }

  /** Returns the number of receivers: none where the sender is not connected or not permitted. */
  #send(packet: Packet): number {
    if (!this.#connected || !this.#may(packet.subject)) return 0
    return this.#wire.switchboard.send(this.#name, packet)
  }

  #may(subject: string): boolean {
    return this.#credentials === undefined || mayPublish(this.#credentials, subject)
  }

  #assertConnected(): void {
    if (!this.#connected) throw new StatusError('ServiceUnavailable', 'the wire is away')
  }

  #assertSize(data: Uint8Array): void {
    if (data.length <= this.payloadBytesMax) return
    const message = `${data.length} bytes are more than the wire carries in one message`
    throw new StatusError('RequestEntityTooLarge', message)
  }
}
