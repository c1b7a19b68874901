export type Headers = Readonly<Record<string, string>>

export type Message = {
  subject: string
  headers: Headers
  data: Uint8Array
  /** Where the answer to a request goes. */
  readonly reply?: string | undefined
  /** Answers a request. Does nothing where no answer is expected, or where the reply subject is not an inbox. */
  respond(data: Uint8Array, headers?: Headers): void
}

/**
 * The wire: at most once, in order per publisher, nothing stored. What is published while the wire is away is silently
 * lost; readers notice the gap by its position and read the log instead. Without permission, a publication is dropped
 * and a subscription receives nothing. Passing an invalid subject or pattern is a bug of the caller.
 */
export interface Bus {
  publish(subject: string, data: Uint8Array, headers?: Headers): void
  /**
   * Subjects follow NATS (`*` is one token, `>` the rest). With `queue`, one member of the group receives each message.
   * Returns the function that ends the subscription.
   */
  subscribe(
    subject: string,
    onMessage: (message: Message) => void,
    options?: { queue?: string },
  ): () => void
  /**
   * Throws `ServiceUnavailable` at once where nobody subscribes or the wire is away, `Timeout` where no answer came,
   * and `Forbidden` where this connection may not publish there.
   */
  request(
    subject: string,
    data: Uint8Array,
    options: { timeoutMs: number; headers?: Headers },
  ): Promise<Message>
  /**
   * As `request`, for an answer in several messages, of which the last is empty. `timeoutMs` limits the time between
   * two of them.
   */
  requestMany(
    subject: string,
    data: Uint8Array,
    options: { timeoutMs: number; headers?: Headers },
  ): AsyncIterable<Message>
  /** The most bytes that one message can carry. */
  readonly payloadBytesMax: number
  /** How often the wire was lost and found again: after a change, messages may be missing. */
  readonly reconnects: number
  /** Calls the listener after each change of `reconnects`; returns a function to unsubscribe. */
  onReconnect(listener: () => void): () => void
  readonly connected: boolean
  /** Resolves when everything published so far has reached the server. */
  flush(): Promise<void>
  close(): Promise<void>
}
