import { messageOf } from '@reckon/kubernetes'
import type { Logger } from './logger.ts'

/** Logs that something is unavailable: once for each outage, however many attempts fail. */
export class OutageNotice {
  readonly #logger: Logger
  readonly #message: string
  readonly #fields: object
  #isGiven = false

  constructor(logger: Logger, message: string, fields: object = {}) {
    this.#logger = logger
    this.#message = message
    this.#fields = fields
  }

  /** To be called after a failed attempt. */
  give(error: unknown): void {
    if (!this.#isGiven) {
      const reason = messageOf(error)
      this.#logger.warn({ ...this.#fields, error: reason }, this.#message)
    }
    this.#isGiven = true
  }

  /** To be called after a successful attempt. */
  withdraw(): void {
    if (this.#isGiven) this.#logger.info(this.#fields, `no longer: ${this.#message}`)
    this.#isGiven = false
  }
}
