import { messageOf } from '@reckon/kubernetes'
import type { Logger } from './logger.ts'

/** Says that something is waited for: once for each outage, however often it was tried meanwhile. */
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

  /** It was tried in vain. */
  give(error: unknown): void {
    if (!this.#isGiven) {
      const reason = messageOf(error)
      this.#logger.warn({ ...this.#fields, error: reason }, this.#message)
    }
    this.#isGiven = true
  }

  /** It was tried and went well. */
  withdraw(): void {
    if (this.#isGiven) this.#logger.info(this.#fields, `no longer: ${this.#message}`)
    this.#isGiven = false
  }
}
