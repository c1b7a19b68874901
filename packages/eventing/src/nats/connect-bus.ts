import { StatusError } from '@reckon/kubernetes'
import { createInbox, ErrorCode, type NatsConnection, NatsError, type Subscription } from 'nats'
import type { Bus, Message } from '../bus.ts'
import { type Logger, silent } from '../logger.ts'
import { assertPattern, assertSubject, inboxOf } from '../subject.ts'
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

/** A request whose answers are under way; `fail` ends it. */
type Question = { subject: string; fail: (error: NatsError) => void }

/** The wire over NATS. Connects for as long as it takes, again and again; what is published meanwhile is dropped. */
export async function connectBus(options: BusOptions): Promise<Bus> {
  const { servers, name, user, password, logger = silent } = options
  const inboxPrefix = user === undefined ? '_INBOX' : inboxOf(user)
  const registrations = new Set<Registration>()
  const asking = new Set<Question>()

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
  const link = new NatsLink({ servers, name, inboxPrefix, ...credentials }, logger, {
    onConnection(connection) {
      for (const registration of registrations) attach(connection, registration)
    },
    onForbidden(subject, error) {
      for (const question of asking) if (question.subject === subject) question.fail(error)
    },
  })
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
      assertSubject(subject)
      assertSize(data)
      // The client would keep it until it is connected again: stale by then.
      if (link.connected) link.connection?.publish(subject, data, withHeaders(headers))
    },

    subscribe(subject, onMessage, { queue } = {}) {
      assertPattern(subject)
      const registration: Registration = { subject, queue, onMessage, live: undefined }
      registrations.add(registration)
      if (link.connection !== undefined) attach(link.connection, registration)
      return () => {
        registrations.delete(registration)
        registration.live?.unsubscribe()
      }
    },

    async request(subject, data, { timeoutMs, headers }) {
      assertSubject(subject)
      assertSize(data)
      try {
        const request = { timeout: timeoutMs, ...withHeaders(headers) }
        return new NatsMessage(await link.usable().request(subject, data, request))
      } catch (error) {
        throw refusalOf(error, subject)
      }
    },

    async *requestMany(subject, data, { timeoutMs, headers }) {
      assertSubject(subject)
      assertSize(data)
      const connection = link.usable()
      const inbox = createInbox(inboxPrefix)
      const question: Question = { subject, fail: () => {} }
      const ask = (fail: (error: NatsError) => void): void => {
        question.fail = fail
        connection.publish(subject, data, { reply: inbox, ...withHeaders(headers) })
      }
      asking.add(question)
      try {
        yield* answersTo(connection, { inbox, timeoutMs, ask })
      } catch (error) {
        throw refusalOf(error, subject)
      } finally {
        asking.delete(question)
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
  if (error.code === ErrorCode.PermissionsViolation) {
    return new StatusError('Forbidden', `this user may not ask on ${subject}`, undefined, options)
  }
  const because =
    error.code === ErrorCode.NoResponders ? 'nobody listens' : `the wire failed: ${error.message}`
  const details = { retryAfterSeconds: 1 }
  return new StatusError('ServiceUnavailable', `${because} on ${subject}`, details, options)
}
