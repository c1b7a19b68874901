import { StatusError } from '@reckon/kubernetes'
import { createInbox, ErrorCode, type NatsConnection, NatsError, type Subscription } from 'nats'
import type { Bus, Message } from '../bus.ts'
import { type Logger, silent } from '../logger.ts'
import { answersTo } from './answers-to.ts'
import { withHeaders } from './nats-headers.ts'
import { NatsLink } from './nats-link.ts'
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
  const { servers, name, user, password, inboxPrefix = '_INBOX', logger = silent } = options
  const registrations = new Set<Registration>()

  const attach = (connection: NatsConnection, registration: Registration): void => {
    const { subject, queue, onMessage } = registration
    registration.live = connection.subscribe(subject, {
      ...(queue === undefined ? {} : { queue }),
      callback: (error, message) => {
        if (error === null) handOver(onMessage, new NatsMessage(message))
        else logger.warn({ subject, error: error.message }, 'a subscription was ended')
      },
    })
  }
  const credentials = user === undefined ? {} : { user, pass: password ?? '' }
  const link = new NatsLink(
    { servers, name, inboxPrefix, ...credentials },
    logger,
    (connection) => {
      for (const registration of registrations) attach(connection, registration)
    },
  )
  await link.connectedWithin(firstConnectMsMax)

  const payloadBytesMax = (): number =>
    (link.connection?.info?.max_payload ?? payloadBytesDefault) - headerBytesMax
  const assertSize = (data: Uint8Array): void => {
    if (data.length <= payloadBytesMax()) return
    const message = `${data.length} bytes are more than the wire carries in one message`
    throw new StatusError('RequestEntityTooLarge', message)
  }

  return {
    get payloadBytesMax() {
      return payloadBytesMax()
    },
    get reconnects() {
      return link.reconnects
    },
    get connected() {
      return link.connected
    },

    publish(subject, data, headers) {
      assertSize(data)
      // The client would keep it until it is connected again: stale by then.
      if (link.connected) link.connection?.publish(subject, data, withHeaders(headers))
    },

    subscribe(subject, onMessage, { queue } = {}) {
      const registration: Registration = { subject, queue, onMessage, live: undefined }
      registrations.add(registration)
      if (link.connection !== undefined) attach(link.connection, registration)
      return () => {
        registrations.delete(registration)
        registration.live?.unsubscribe()
      }
    },

    async request(subject, data, { timeoutMs, headers }) {
      assertSize(data)
      try {
        const request = { timeout: timeoutMs, ...withHeaders(headers) }
        return new NatsMessage(await link.usable().request(subject, data, request))
      } catch (error) {
        throw refusalOf(error, subject)
      }
    },

    async *requestMany(subject, data, { timeoutMs, headers }) {
      assertSize(data)
      const connection = link.usable()
      const inbox = createInbox(inboxPrefix)
      const ask = (): void =>
        connection.publish(subject, data, { reply: inbox, ...withHeaders(headers) })
      try {
        yield* answersTo(connection, { inbox, timeoutMs, ask })
      } catch (error) {
        throw refusalOf(error, subject)
      }
    },

    async flush() {
      await link
        .usable()
        .flush()
        .catch((error) => {
          throw refusalOf(error, 'flush')
        })
    },

    close: () => link.close(),
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
