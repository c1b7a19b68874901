import { explainStorageError } from './database.ts'
import type { Storage } from './storage.ts'

/** How long removed events may stay in the write-ahead log, so that one scrub serves many removals. */
const scrubDelayMs = 1000

/** Keeps removed events from staying in the write-ahead log. */
export class LogScrubber {
  readonly #storage: Pick<Storage, 'scrubLog'>
  readonly #log: (line: string) => void
  #timer: NodeJS.Timeout | undefined

  constructor(storage: Pick<Storage, 'scrubLog'>, log: (line: string) => void) {
    this.#storage = storage
    this.#log = log
  }

  scrubSoon(): void {
    this.#timer ??= setTimeout(() => this.scrub(), scrubDelayMs).unref()
  }

  /** Scrubs now; retried later where it fails. */
  scrub(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    try {
      this.#storage.scrubLog()
    } catch (error) {
      this.#log(`removed events stay in the write-ahead log for now: ${explainStorageError(error)}`)
      this.scrubSoon()
    }
  }

  /** Scrubs what is still due. */
  close(): void {
    if (this.#timer !== undefined) this.scrub()
    clearTimeout(this.#timer)
  }
}
