import type { Msg } from 'nats'
import type { Headers, Message } from '../bus/bus.ts'
import { isInbox } from '../bus/subject.ts'
import { withHeaders } from './nats-headers.ts'

/** Adapts the client's message to the port; headers are decoded on first access. */
export class NatsMessage implements Message {
  readonly #message: Msg
  #headers: Headers | undefined

  constructor(message: Msg) {
    this.#message = message
  }

  get subject(): string {
    return this.#message.subject
  }

  get data(): Uint8Array {
    return this.#message.data
  }

  get headers(): Headers {
    this.#headers ??= Object.fromEntries(
      [...(this.#message.headers ?? [])].map(([name, values]) => [name, values[0] ?? '']),
    )
    return this.#headers
  }

  get reply(): string | undefined {
    return this.#message.reply || undefined
  }

  respond(data: Uint8Array, headers?: Headers): void {
    if (isInbox(this.reply)) this.#message.respond(data, withHeaders(headers))
  }
}
