import { StatusError } from '@reckon/kubernetes'
import { createInbox, ErrorCode, NatsError } from 'nats'
import type { Bus } from '../bus/bus.ts'
import { assertPattern, assertSubject, inboxOf } from '../bus/subject.ts'
import { type Logger, silent } from '../logger.ts'
import { type AccessOptions, accessOf } from './access-of.ts'
import { answersTo } from './answers-to.ts'
import { withHeaders } from './nats-headers.ts'
import { NatsLink } from './nats-link.ts'
import { NatsMessage } from './nats-message.ts'
import { NatsSubscriptions } from './nats-subscriptions.ts'

export type BusOptions = AccessOptions & {
  servers: string | string[]
  /** The name of this connection in nats-server's own statistics. */
  name: string
  logger?: Logger
}

/** How long to wait at start for a server that is coming up; after that the bus is returned without a connection. */
const firstConnectMsMax = 1000
/** Room reserved for headers. */
const headerBytesMax = 1024
const payloadBytesDefault = 1024 * 1024

/** A pending request; `fail` ends it. */
type Question = { subject: string; fail: (error: NatsError) => void }

/** The wire over NATS. Keeps trying to connect for as long as it takes; what is published meanwhile is dropped. */
export async function connectBus(options: BusOptions): Promise<Bus> {
  const { servers, name, user, logger = silent } = options
  const inboxPrefix = user === undefined ? '_INBOX' : inboxOf(user)
  const subscriptions = new NatsSubscriptions(logger)
  const asking = new Set<Question>()

  const link = new NatsLink({ servers, name, inboxPrefix, ...accessOf(options) }, logger, {
    onConnection: (connection) => subscriptions.carryOver(connection),
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
    onReconnect: (listener) => link.onReconnect(listener),

    publish(subject, data, headers) {
      assertSubject(subject)
      assertSize(data)
      // The client would buffer it until it is connected again, when it is stale.
      if (link.connected) link.connection?.publish(subject, data, withHeaders(headers))
    },

    subscribe(subject, onMessage, { queue } = {}) {
      assertPattern(subject)
      return subscriptions.add({ subject, queue, onMessage }, link.connection)
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
