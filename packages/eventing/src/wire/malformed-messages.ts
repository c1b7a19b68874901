import type { Logger } from '../logger.ts'

/** What the message was meant to be, and its subject, which identifies the sender. */
export type MessageSource = { kind: string; subject: string }

/** After this many, messages are counted but no longer logged. */
const loggedMax = 1000

/**
 * Invalid messages from the wire: counted, logged once for each kind and sender, and dropped. No message is trusted
 * merely because it arrived.
 */
export class MalformedMessages {
  readonly #logger: Logger
  readonly #logged = new Set<string>()
  #count = 0

  constructor(logger: Logger) {
    this.#logger = logger
  }

  get count(): number {
    return this.#count
  }

  /** The result of `parse`; undefined where it throws SyntaxError, as parsers do. */
  parsed<T>(said: MessageSource, parse: () => T): T | undefined {
    let parsed: T | undefined
    this.taken(said, parse, (value) => {
      parsed = value
    })
    return parsed
  }

  /** Passes the result of `parse` on, if it is valid. */
  taken<T>(said: MessageSource, parse: () => T, take: (parsed: T) => void): void {
    let parsed: T
    try {
      parsed = parse()
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error
      this.note(said, error.message)
      return
    }
    take(parsed)
  }

  note({ kind, subject }: MessageSource, reason: string): void {
    this.#count++
    const key = `${kind} ${subject}`
    if (this.#logged.has(key) || this.#logged.size >= loggedMax) return
    this.#logged.add(key)
    this.#logger.warn({ kind, subject, reason }, 'a message makes no sense and is dropped')
  }
}
