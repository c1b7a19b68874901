import { BACKWARDS, END, EventStoreDBClient } from '@eventstore/db-client'
import { CircuitBreaker } from '../circuit-breaker.ts'
import { isOutage } from '../outage.ts'
import { isStrayRejection, refusalOf, unavailable } from './client-errors.ts'
import { Patience } from './patience.ts'

/** How soon after an outage was noticed, and how often from then on, the store is asked again. */
const probeMs = 250

/**
 * While it has calls, the client asks the store for a sign of life every 10 s (oftener it advises against) and waits 5
 * s for it: a follower has no call of its own that would find out. What the connection string says comes later, and
 * wins.
 */
const signsOfLife = 'keepAliveInterval=10000&keepAliveTimeout=5000'

/** What the client keeps to itself though it must be awaited, and closed. */
type ClientInternals = {
  capabilities: Promise<unknown>
  getChannel(): Promise<{ close(): void }>
}

/**
 * The connection to the store, and the knowledge whether it is there. The first unanswered or refused call opens a
 * circuit breaker: from then on every call is refused at once, while the store is probed until it answers.
 */
export class StoreConnection {
  client: EventStoreDBClient
  readonly #connectionString: string
  /** How long the store may leave something unanswered. */
  readonly patience: Patience
  readonly #timeoutMs: number
  /** Its own action is the probe; of all other calls it is told how they ended. */
  readonly #breaker: CircuitBreaker<[], void>
  #lost = new AbortController()
  #closed = false

  constructor(connectionString: string, options: { name: string; timeoutMs: number }) {
    const [store, ...given] = connectionString.split('?')
    const parameters = [signsOfLife, ...given, `connectionName=${options.name}`]
    this.#connectionString = `${store}?${parameters.join('&')}`
    this.#timeoutMs = options.timeoutMs
    this.patience = new Patience(options.timeoutMs)
    this.client = EventStoreDBClient.connectionString(this.#connectionString)
    this.#breaker = new CircuitBreaker(() => this.#attempt(readHead), {
      name: options.name,
      resetMs: probeMs,
      opensAt: 'FirstFailure',
      isFailure: isOutage,
      onHalfOpen: () => this.#probe(),
    })
    // For good: the client's strays come also after it was closed.
    if (!process.listeners('unhandledRejection').includes(onUnhandledRejection)) {
      process.on('unhandledRejection', onUnhandledRejection)
    }
  }

  /** Aborts when the client was given up; what it still delivered has then ended. */
  get lost(): AbortSignal {
    return this.#lost.signal
  }

  /** The first append of a fresh client may be overtaken by later ones: so it is asked for its features first. */
  async warm(): Promise<void> {
    await this.call(async () => {}).catch((error) => {
      if (!isOutage(error)) throw error
    })
  }

  /** Throws at once when the store is known to be away. */
  assertUsable(): void {
    if (this.#closed || !this.#breaker.isClosed) throw unavailable('the event store is away')
  }

  /** A write: `ServiceUnavailable` if it was surely not sent, `Timeout` if its outcome is unknown. */
  async call<T>(action: (client: EventStoreDBClient) => Promise<T>): Promise<T> {
    this.assertUsable()
    try {
      return await this.#attempt(action)
    } catch (error) {
      throw this.failed(error)
    }
  }

  /** Takes note of how a call failed; answers the error to throw. */
  failed(error: unknown): unknown {
    if (isOutage(error) && !this.#closed) this.#breaker.open()
    return error
  }

  async close(): Promise<void> {
    this.#closed = true
    this.#breaker.close()
    await this.#giveUp(this.client)
  }

  async #attempt<T>(action: (client: EventStoreDBClient) => Promise<T>): Promise<T> {
    const { client } = this
    let isSent = false
    let isGivenUp = false
    const tooLate = (): Error => {
      isGivenUp = true
      return new Error(`no answer in ${this.#timeoutMs} ms`)
    }
    const answered = async (): Promise<T> => {
      await (client as unknown as ClientInternals).capabilities
      // The caller has already heard that it was surely not sent.
      if (isGivenUp) throw tooLate()
      isSent = true
      return action(client)
    }
    try {
      return await this.patience.within(answered(), tooLate)
    } catch (error) {
      throw refusalOf(error, isSent ? 'Timeout' : 'ServiceUnavailable')
    }
  }

  /** Asks for the head; the breaker closes when it answers. Else the client is replaced: some of its failures stay. */
  #probe(): void {
    this.#breaker.call().catch(async () => {
      if (this.#closed) return
      const given = this.client
      const lost = this.#lost
      this.client = EventStoreDBClient.connectionString(this.#connectionString)
      this.#lost = new AbortController()
      lost.abort()
      await this.#giveUp(given)
    })
  }

  async #giveUp(client: EventStoreDBClient): Promise<void> {
    if (client === this.client) this.#lost.abort()
    // Not awaited: it never resolves where a read was left before its end, whose rest nobody takes.
    void client.dispose()
    // A channel that never came about needs no closing.
    const channel = (client as unknown as ClientInternals).getChannel()
    await channel.then((open) => open.close()).catch(() => undefined)
  }
}

async function readHead(client: EventStoreDBClient): Promise<void> {
  const read = client.readAll({ direction: BACKWARDS, fromPosition: END, maxCount: 1 })
  try {
    for await (const _ of read);
  } finally {
    if (!read.readableEnded) await read.cancel()
  }
}

/** Drops the client's own stray rejections; any other is as fatal as ever. */
function onUnhandledRejection(reason: unknown): void {
  if (!isStrayRejection(reason) && process.listenerCount('unhandledRejection') === 1) throw reason
}
