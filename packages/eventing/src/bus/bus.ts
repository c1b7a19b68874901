export type Headers = Readonly<Record<string, string>>

export type Message = {
  subject: string
  headers: Headers
  data: Uint8Array
  /** Where the answer to a request goes. */
  readonly reply?: string | undefined
  /**
   * Answers a request; does nothing where no answer is awaited, or where it would go to something else than an inbox.
   */
  respond(data: Uint8Array, headers?: Headers): void
}

/**
 * The wire: at most once, in order per publisher, nothing stored. Publishing while the wire is away is silently lost;
 * readers notice by position and repair from the log. What this connection's user may not publish is lost, and what it
 * may not hear never comes. A subject or pattern that is none is a broken invariant of the caller.
 */
export interface Bus {
  publish(subject: string, data: Uint8Array, headers?: Headers): void
  /**
   * Subjects are NATS' (`*` one token, `>` the rest). With `queue`, one of the group gets each message. Returns how to
   * end it.
   */
  subscribe(
    subject: string,
    onMessage: (message: Message) => void,
    options?: { queue?: string },
  ): () => void
  /**
   * Throws `ServiceUnavailable` at once when nobody listens or the wire is away, `Timeout` when no answer came,
   * `Forbidden` when this connection may not ask.
   */
  request(
    subject: string,
    data: Uint8Array,
    options: { timeoutMs: number; headers?: Headers },
  ): Promise<Message>
  /** As request, for an answer in several messages, the last one empty. `timeoutMs` is the longest wait between two. */
  requestMany(
    subject: string,
    data: Uint8Array,
    options: { timeoutMs: number; headers?: Headers },
  ): AsyncIterable<Message>
  /** The most bytes that one message can carry. */
  readonly payloadBytesMax: number
  /** Counts how often the wire was lost and found again: a change means that messages may be missing. */
  readonly reconnects: number
  /** Whether the wire is there now. */
  readonly connected: boolean
  /** Resolves when everything published so far has reached the server. */
  flush(): Promise<void>
  close(): Promise<void>
}
