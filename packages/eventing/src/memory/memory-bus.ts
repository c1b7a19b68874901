import { StatusError } from '@reckon/kubernetes'
import type { Bus, Headers, Message } from '../bus.ts'
import type { Clock } from '../clock.ts'
import { type Deliver, type Subscription, Switchboard } from './switchboard.ts'
import { timerClock } from './timer-clock.ts'

export type { Envelope } from './switchboard.ts'

export type MemoryHubOptions = {
  /** For the time-outs of requests. */
  clock?: Clock
  payloadBytesMax?: number
  /** In the next microtask by default. */
  deliver?: Deliver
}

/** A connection to the hub, with what only a twin can do: lose the wire and find it again. */
export interface MemoryBus extends Bus {
  lose(): void
  find(): void
}

/** The twin of nats-server: one place through which several connections reach each other. */
export interface MemoryHub {
  connect(name?: string): MemoryBus
}

type RequestOptions = { timeoutMs: number; headers?: Headers }
type Wire = { switchboard: Switchboard; clock: Clock; payloadBytesMax: number; nextInbox(): string }

/** The wire alone, for who needs one connection only. */
export const createMemoryBus = (options: MemoryHubOptions = {}): MemoryBus =>
  createMemoryHub(options).connect()

/** Connections that share one wire: NATS' subjects, queue groups and requests, at most once, nothing stored. */
export function createMemoryHub(options: MemoryHubOptions = {}): MemoryHub {
  const { clock = timerClock, payloadBytesMax = 1024 * 1024 } = options
  const switchboard = new Switchboard(options.deliver ?? ((handOver) => queueMicrotask(handOver)))
  let connections = 0
  let inboxes = 0
  const nextInbox = (): string => `_INBOX.${++inboxes}`
  const wire: Wire = { switchboard, clock, payloadBytesMax, nextInbox }
  return { connect: (name = `connection-${++connections}`) => new HubConnection(name, wire) }
}

class HubConnection implements MemoryBus {
  readonly #name: string
  readonly #wire: Wire
  readonly #subscriptions = new Set<Subscription>()
  #connected = true
  #closed = false
  #reconnects = 0

  constructor(name: string, wire: Wire) {
    this.#name = name
    this.#wire = wire
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

  publish(subject: string, data: Uint8Array, headers: Headers = {}): void {
    this.#assertSize(data)
    if (this.#connected) this.#wire.switchboard.send(this.#name, { subject, data, headers })
  }

  subscribe(
    pattern: string,
    onMessage: (message: Message) => void,
    { queue }: { queue?: string } = {},
  ): () => void {
    const connected = (): boolean => this.#connected
    const subscription = { bus: this.#name, pattern, queue, connected, onMessage }
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
  }

  async *#ask(
    subject: string,
    data: Uint8Array,
    { timeoutMs, headers = {} }: RequestOptions,
  ): AsyncGenerator<Message> {
    this.#assertConnected()
    this.#assertSize(data)
    const { switchboard, clock, nextInbox } = this.#wire
    const reply = nextInbox()
    const answers: Message[] = []
    let arrived = (): void => {}
    const end = this.subscribe(reply, (message) => {
      answers.push(message)
      arrived()
    })
    try {
      if (switchboard.send(this.#name, { subject, data, headers, reply }) === 0) {
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

  #assertConnected(): void {
    if (!this.#connected) throw new StatusError('ServiceUnavailable', 'the wire is away')
  }

  #assertSize(data: Uint8Array): void {
    if (data.length <= this.payloadBytesMax) return
    const message = `${data.length} bytes are more than the wire carries in one message`
    throw new StatusError('RequestEntityTooLarge', message)
  }
}
