import { StatusError } from '@reckon/kubernetes'
import {
  type ConnectionOptions,
  connect,
  ErrorCode,
  Events,
  type NatsConnection,
  NatsError,
} from 'nats'
import type { Logger } from '../logger.ts'
import { pause } from './pause.ts'

const reconnectMs = 250
const dialMsMax = 2000
/** A server that does not answer two pings is given up. */
const pingMs = 5000
/** How long `close` waits for published messages to leave. */
const flushMsMax = 1000

/** Receives the events of a link. */
export type LinkListener = {
  /** A new connection. When the client reconnects by itself, it carries subscriptions over. */
  onConnection(connection: NatsConnection): void
  /** The server has refused to publish on a subject. */
  onForbidden(subject: string, error: NatsError): void
}

/** The connection to nats-server, established again for as long as it takes: at start, and whenever it is lost. */
export class NatsLink {
  readonly #options: ConnectionOptions
  readonly #logger: Logger
  readonly #listener: LinkListener
  readonly #closing = new AbortController()
  readonly #first = Promise.withResolvers<void>()
  readonly #staying: Promise<void>
  #connection: NatsConnection | undefined
  #connected = false
  #wasAway = false
  #reconnects = 0
  readonly #reconnectListeners = new Set<() => void>()

  constructor(options: ConnectionOptions, logger: Logger, listener: LinkListener) {
    this.#options = options
    this.#logger = logger
    this.#listener = listener
    this.#staying = this.#stayConnected()
  }

  get connected(): boolean {
    return this.#connected
  }

  get reconnects(): number {
    return this.#reconnects
  }

  onReconnect(listener: () => void): () => void {
    this.#reconnectListeners.add(listener)
    return () => this.#reconnectListeners.delete(listener)
  }

  /** The client's connection, whether or not it is up; undefined before the first one and after the last. */
  get connection(): NatsConnection | undefined {
    return this.#connection?.isClosed() ? undefined : this.#connection
  }

  /** The connection, for messages that must not be lost silently; throws `ServiceUnavailable` when it is down. */
  usable(): NatsConnection {
    if (this.#connection === undefined || !this.#connected) {
      throw new StatusError('ServiceUnavailable', 'the wire is away', { retryAfterSeconds: 1 })
    }
    return this.#connection
  }

  /** Resolves when the first connection is up, or after that time. */
  async connectedWithin(ms: number): Promise<void> {
    const done = new AbortController()
    await Promise.race([this.#first.promise, pause(ms, done.signal)])
    done.abort()
  }

  async close(): Promise<void> {
    this.#closing.abort()
    const done = new AbortController()
    const flushed = this.#connected ? this.#connection?.flush().catch(() => undefined) : undefined
    await Promise.race([flushed, pause(flushMsMax, done.signal)])
    done.abort()
    this.#connected = false
    await this.#connection?.close()
    await this.#staying
  }

  async #stayConnected(): Promise<void> {
    const { signal } = this.#closing
    while (!signal.aborted) {
      const connection = await this.#dial()
      if (connection === undefined) await pause(reconnectMs, signal)
      else if (signal.aborted) await connection.close()
      else await this.#use(connection)
    }
  }

  async #dial(): Promise<NatsConnection | undefined> {
    try {
      return await connect({
        ...this.#options,
        maxReconnectAttempts: -1,
        reconnectTimeWait: reconnectMs,
        timeout: dialMsMax,
        pingInterval: pingMs,
        // Refused credentials may be right after the server's next start.
        ignoreAuthErrorAbort: true,
        noAsyncTraces: true,
      })
    } catch (error) {
      if (!this.#wasAway) {
        this.#logger.warn({ error: (error as Error).message }, 'the wire is away; trying on')
      }
      this.#wasAway = true
      return undefined
    }
  }

  /** Resolves when the client gives the connection up, which it does only when it is closed. */
  async #use(connection: NatsConnection): Promise<void> {
    this.#connection = connection
    // May last until the process ends: the client never ends its status iterator.
    void this.#watch(connection)
    this.#listener.onConnection(connection)
    this.#found(connection, this.#wasAway)
    this.#first.resolve()
    await connection.closed()
    this.#connected = false
    this.#wasAway = true
  }

  async #watch(connection: NatsConnection): Promise<void> {
    for await (const { type, data, permissionContext } of connection.status()) {
      if (type === Events.Disconnect && this.#connected) {
        this.#connected = false
        this.#logger.warn({ server: data }, 'the wire is lost; reconnecting')
      } else if (type === Events.Reconnect) {
        this.#found(connection, true)
      } else if (type === Events.Error) {
        this.#logger.warn({ error: data, ...permissionContext }, 'nats-server refused something')
        if (permissionContext?.operation === 'publish') {
          const error = NatsError.errorForCode(ErrorCode.PermissionsViolation)
          this.#listener.onForbidden(permissionContext.subject, error)
        }
      }
    }
  }

  #found(connection: NatsConnection, isAgain: boolean): void {
    this.#connected = true
    this.#logger.info({ server: connection.getServer() }, 'the wire is there')
    if (!isAgain) return
    this.#reconnects++
    for (const listener of this.#reconnectListeners) listener()
  }
}
