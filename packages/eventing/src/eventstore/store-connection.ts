import { BACKWARDS, END, EventStoreDBClient } from '@eventstore/db-client'
import { CircuitBreaker } from '../circuit-breaker.ts'
import { isOutage } from '../outage.ts'
import { isStrayRejection, refusalOf, unavailable } from './client-errors.ts'
import { SilenceTimeouts } from './silence-timeouts.ts'

/** The interval at which a store that is away is probed. */
const probeMs = 250

/**
 * While calls are open, the client pings every 10 s (the shortest interval that it advises) and waits 5 s for the
 * answer: a follower makes no calls of its own that would notice a dead connection. Values in the connection string
 * come later and win.
 */
const signsOfLife = 'keepAliveInterval=10000&keepAliveTimeout=5000'

/** Internals of the client that must be awaited and closed. */
type ClientInternals = {
  capabilities: Promise<unknown>
  getChannel(): Promise<{ close(): void }>
}

/**
 * The connection to the store. The first unanswered or refused call opens a circuit breaker: from then on every call is
 * refused at once, while the store is probed until it answers.
 */
export class StoreConnection {
  client: EventStoreDBClient
  readonly #connectionString: string
  readonly timeouts: SilenceTimeouts
  readonly #timeoutMs: number
  /** The breaker itself calls only the probe; the outcomes of all other calls are reported to it. */
  readonly #breaker: CircuitBreaker<[], void>
  #lost = new AbortController()
  #closed = false

  constructor(connectionString: string, options: { name: string; timeoutMs: number }) {
    const [store, ...given] = connectionString.split('?')
    const parameters = [signsOfLife, ...given, `connectionName=${options.name}`]
    this.#connectionString = `${store}?${parameters.join('&')}`
    this.#timeoutMs = options.timeoutMs
    this.timeouts = new SilenceTimeouts(options.timeoutMs)
    this.client = EventStoreDBClient.connectionString(this.#connectionString)
    this.#breaker = new CircuitBreaker(() => this.#attempt(readHead), {
      name: options.name,
      resetMs: probeMs,
      opensAt: 'FirstFailure',
      isFailure: isOutage,
      onHalfOpen: () => this.#probe(),
    })
    // Never removed: the client's stray rejections may come after it was closed.
    if (!process.listeners('unhandledRejection').includes(onUnhandledRejection)) {
      process.on('unhandledRejection', onUnhandledRejection)
    }
  }

  /** Aborts when the client is replaced: whatever it still delivers ends. */
  get lost(): AbortSignal {
    return this.#lost.signal
  }

  /** Asks for the server's features first, because later appends may overtake the first one of a fresh client. */
  async warm(): Promise<void> {
    await this.call(async () => {}).catch((error) => {
      if (!isOutage(error)) throw error
    })
  }

  /** Throws at once when the store is known to be away. */
  assertUsable(): void {
    if (this.#closed || !this.#breaker.isClosed) throw unavailable('the event store is away')
  }

  /** Runs a write. Throws `ServiceUnavailable` if it was certainly not sent, `Timeout` if its outcome is unknown. */
  async call<T>(action: (client: EventStoreDBClient) => Promise<T>): Promise<T> {
    this.assertUsable()
    try {
      return await this.#attempt(action)
    } catch (error) {
      throw this.failed(error)
    }
  }

  /** Reports a failed call to the breaker, and returns the error to throw. */
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
      // The caller was already told that it was certainly not sent.
      if (isGivenUp) throw tooLate()
      isSent = true
      return action(client)
    }
    try {
      return await this.timeouts.within(answered(), tooLate)
    } catch (error) {
      throw refusalOf(error, isSent ? 'Timeout' : 'ServiceUnavailable')
    }
  }

  /**
   * Asks for the head; an answer closes the breaker. Otherwise the client is replaced, because some of its failures are
   * permanent.
   */
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
    // Not awaited: it never resolves while a read has undelivered items.
    void client.dispose()
    // A channel that was never established needs no closing.
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

/** Ignores the client's own stray rejections; any other is fatal as usual. */
function onUnhandledRejection(reason: unknown): void {
  if (!isStrayRejection(reason) && process.listenerCount('unhandledRejection') === 1) throw reason
}
