import type { NatsConnection, Subscription } from 'nats'
import type { Message } from '../bus/bus.ts'
import type { Logger } from '../logger.ts'
import { NatsMessage } from './nats-message.ts'

type SubscriptionRequest = {
  subject: string
  queue: string | undefined
  onMessage: (message: Message) => void
}

/** The subscriptions, independent of the current connection. */
export class NatsSubscriptions {
  readonly #logger: Logger
  readonly #live = new Map<SubscriptionRequest, Subscription | undefined>()

  constructor(logger: Logger) {
    this.#logger = logger
  }

  /** Subscribes, now if there is a connection; returns the function that ends it. */
  add(wanted: SubscriptionRequest, connection: NatsConnection | undefined): () => void {
    this.#live.set(wanted, undefined)
    if (connection !== undefined) this.#attach(wanted, connection)
    return () => {
      this.#live.get(wanted)?.unsubscribe()
      this.#live.delete(wanted)
    }
  }

  /** Subscribes to everything on a new connection. */
  carryOver(connection: NatsConnection): void {
    for (const wanted of [...this.#live.keys()]) this.#attach(wanted, connection)
  }

  #attach(wanted: SubscriptionRequest, connection: NatsConnection): void {
    const { subject, queue, onMessage } = wanted
    const subscription = connection.subscribe(subject, {
      ...(queue === undefined ? {} : { queue }),
      callback: (error, message) => {
        if (error === null) handOver(onMessage, new NatsMessage(message))
        else this.#logger.warn({ subject, error: error.message }, 'a subscription was ended')
      },
    })
    this.#live.set(wanted, subscription)
  }
}

/** A receiver's error is a bug: it ends the process instead of only the client's read loop. */
function handOver(onMessage: (message: Message) => void, message: Message): void {
  try {
    onMessage(message)
  } catch (error) {
    queueMicrotask(() => {
      throw error
    })
  }
}
