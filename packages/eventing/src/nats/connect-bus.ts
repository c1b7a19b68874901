import { StatusError } from '@reckon/kubernetes'
import {
  connect,
  createInbox,
  ErrorCode,
  Events,
  type NatsConnection,
  NatsError,
  headers as natsHeaders,
  type Subscription,
} from 'nats'
import type { Bus, Headers, Message } from '../bus.ts'
import { type Logger, silent } from '../logger.ts'
import { answersTo } from './answers-to.ts'
import { NatsMessage } from './nats-message.ts'

export type BusOptions = {
  servers: string | string[]
  user?: string
  password?: string
  /** The name of this connection in nats-server's own statistics. */
  name: string
  /** What answers to this connection are addressed to; its credentials may be limited to that. */
  inboxPrefix?: string
  logger?: Logger
}

/** How long the start waits for a server that is coming up; from then on the bus is there, but not connected. */
const firstConnectMsMax = 1000
const reconnectMs = 250
const dialMsMax = 2000
/** How long a bus that is closed waits for what it has published to leave. */
const flushMsMax = 1000
/** A server that says nothing for two of these is left. */
const pingMs = 5000
/** What headers may add to a message. */
const headerBytesMax = 1024
const payloadBytesDefault = 1024 * 1024

type Registration = {
  subject: string
  queue: string | undefined
  onMessage: (message: Message) => void
  live: Subscription | undefined
}

/** The wire over NATS. Connects for as long as it takes, again and again; what is published meanwhile is dropped. */
export async function connectBus(options: BusOptions): Promise<Bus> {
  const { logger = silent, inboxPrefix = '_INBOX' } = options
  const registrations = new Set<Registration>()
  const closing = new AbortController()
  let nats: NatsConnection | undefined
  let connected = false
  let late = false
  let reconnects = 0

  const found = (): void => {
    connected = true
    logger.info({ server: nats?.getServer() }, 'the wire is there')
  }

  const attach = (registration: Registration): void => {
    const { subject, queue, onMessage } = registration
    registration.live = nats?.subscribe(subject, {
      ...(queue === undefined ? {} : { queue }),
      callback: (error, message) => {
        if (error !== null)
          logger.warn({ subject, error: error.message }, 'a subscription was ended')
        else handOver(onMessage, new NatsMessage(message))
      },
    })
  }

  /** Notes when the connection is lost and found. */
  const watch = async (connection: NatsConnection): Promise<void> => {
    for await (const { type, data, permissionContext } of connection.status()) {
      if (type === Events.Disconnect && connected) {
        connected = false
        logger.warn({ server: data }, 'the wire is lost; reconnecting')
      } else if (type === Events.Reconnect) {
        reconnects++
        found()
      } else if (type === Events.Error) {
        logger.warn({ error: data, ...permissionContext }, 'nats-server refused something')
      }
    }
  }

  /** Connects, however long that takes; and anew, should the client ever give up. */
  const stayConnected = async (): Promise<void> => {
    while (!closing.signal.aborted) {
      try {
        nats = await connect({
          servers: options.servers,
          name: options.name,
          inboxPrefix,
          ...(options.user === undefined ? {} : { user: options.user }),
          ...(options.password === undefined ? {} : { pass: options.password }),
          maxReconnectAttempts: -1,
          reconnectTimeWait: reconnectMs,
          timeout: dialMsMax,
          pingInterval: pingMs,
          ignoreAuthErrorAbort: true,
          noAsyncTraces: true,
        })
      } catch (error) {
        if (!late) logger.warn({ error: (error as Error).message }, 'the wire is away; trying on')
        late = true
        await pause(reconnectMs, closing.signal)
        continue
      }
      if (closing.signal.aborted) return nats.close()
      // Ends with the process at the latest: the client never ends its statuses.
      void watch(nats)
      for (const registration of registrations) attach(registration)
      if (late) reconnects++
      found()
      first.resolve()
      await nats.closed()
      connected = false
      late = true
    }
  }

  const usable = (): NatsConnection => {
    if (nats === undefined || !connected) {
      throw new StatusError('ServiceUnavailable', 'the wire is away', { retryAfterSeconds: 1 })
    }
    return nats
  }

  const payloadBytesMax = (): number =>
    (nats?.info?.max_payload ?? payloadBytesDefault) - headerBytesMax

  const assertSize = (data: Uint8Array): void => {
    if (data.length > payloadBytesMax()) {
      const message = `${data.length} bytes are more than the wire carries in one message`
      throw new StatusError('RequestEntityTooLarge', message)
    }
  }

  const first = Promise.withResolvers<void>()
  const staying = stayConnected()
  await Promise.race([first.promise, pause(firstConnectMsMax, closing.signal)])

  return {
    get payloadBytesMax() {
      return payloadBytesMax()
    },
    get reconnects() {
      return reconnects
    },
    get connected() {
      return connected
    },

    publish(subject, data, headers) {
      assertSize(data)
      if (connected) nats?.publish(subject, data, withHeaders(headers))
    },

    subscribe(subject, onMessage, { queue } = {}) {
      const registration: Registration = { subject, queue, onMessage, live: undefined }
      registrations.add(registration)
      if (nats !== undefined && !nats.isClosed()) attach(registration)
      return () => {
        registrations.delete(registration)
        registration.live?.unsubscribe()
      }
    },

    async request(subject, data, { timeoutMs, headers }) {
      assertSize(data)
      try {
        const request = { timeout: timeoutMs, ...withHeaders(headers) }
        return new NatsMessage(await usable().request(subject, data, request))
      } catch (error) {
        throw refusalOf(error, subject)
      }
    },

    async *requestMany(subject, data, { timeoutMs, headers }) {
      assertSize(data)
      const connection = usable()
      const inbox = createInbox(inboxPrefix)
      const answers = answersTo(connection, inbox, timeoutMs)
      try {
        connection.publish(subject, data, { reply: inbox, ...withHeaders(headers) })
        yield* answers
      } catch (error) {
        throw refusalOf(error, subject)
      }
    },

    async flush() {
      await usable()
        .flush()
        .catch((error) => {
          throw refusalOf(error, 'flush')
        })
    },

    async close() {
      closing.abort()
      const patience = new AbortController()
      const flushed = connected ? nats?.flush().catch(() => undefined) : undefined
      await Promise.race([flushed, pause(flushMsMax, patience.signal)])
      patience.abort()
      connected = false
      await nats?.close()
      await staying
    },
  }
}

/** An error of the receiver is a broken invariant: it ends the process, and not only the client's read loop. */
function handOver(onMessage: (message: Message) => void, message: Message): void {
  try {
    onMessage(message)
  } catch (error) {
    queueMicrotask(() => {
      throw error
    })
  }
}

function withHeaders(headers: Headers | undefined): { headers?: ReturnType<typeof natsHeaders> } {
  if (headers === undefined) return {}
  const encoded = natsHeaders()
  for (const [name, value] of Object.entries(headers)) encoded.set(name, value)
  return { headers: encoded }
}

function refusalOf(error: unknown, subject: string): unknown {
  if (!(error instanceof NatsError)) return error
  const options = { cause: error }
  if (error.code === ErrorCode.Timeout) {
    return new StatusError('Timeout', `no answer on ${subject} in time`, undefined, options)
  }
  const because =
    error.code === ErrorCode.NoResponders ? 'nobody listens' : `the wire failed: ${error.message}`
  const details = { retryAfterSeconds: 1 }
  return new StatusError('ServiceUnavailable', `${because} on ${subject}`, details, options)
}

const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) return resolve()
    const end = (): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', end)
      resolve()
    }
    const timer = setTimeout(end, ms)
    signal.addEventListener('abort', end)
  })
