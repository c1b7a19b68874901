import type { Logger } from '../logger.ts'

/** What a message is, and who said it: the subject of the wire, which names the sender. */
export type MessageSource = { kind: string; subject: string }

/** More of them are counted, and no longer told. */
const loggedMax = 1000

/**
 * What came over the wire and made no sense: counted, told once for each kind and sender, and dropped. Nobody trusts a
 * message for having arrived.
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

  /** What `parse` makes of a message; undefined where it throws SyntaxError, as parsing does. */
  parsed<T>(said: MessageSource, parse: () => T): T | undefined {
    let parsed: T | undefined
    this.taken(said, parse, (value) => {
      parsed = value
    })
    return parsed
  }

  /** Hands on what `parse` makes of a message. */
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
