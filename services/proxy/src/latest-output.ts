import type { Clock } from '@reckon/eventing/bus'
import { isBug } from '@reckon/process'

const retryMs = 1_000

/**
 * Applies the newest value to an output: one at a time, skipping what was overtaken meanwhile, and again after a second
 * if that failed. A bug ends the process.
 */
export class LatestOutput<T> {
  /** The position of the last value that was applied. */
  position: bigint | undefined
  /** Why the newest value is not applied, after a failure. */
  failure: unknown
  #newest: Offered<T> | undefined
  #pending: Offered<T> | undefined
  #held: T | undefined
  #running = false
  /** Apply even what was already applied. */
  #isDue = false
  readonly #ports: Ports
  readonly #apply: (value: T) => Promise<void>

  constructor(ports: Ports, apply: (value: T) => Promise<void>) {
    this.#ports = ports
    this.#apply = apply
  }

  offer(position: bigint, value: T): void {
    this.#newest = { position, value }
    this.#pending = this.#newest
    if (!this.#running) void this.#run()
  }

  /** Applies the newest value again, even if it was already applied. */
  again(): void {
    this.#isDue = true
    this.#pending ??= this.#newest
    if (!this.#running) void this.#run()
  }

  async #run(): Promise<void> {
    this.#running = true
    while (this.#pending !== undefined && !this.#ports.signal.aborted) {
      const { position, value } = this.#pending
      this.#pending = undefined
      try {
        const isDue = this.#isDue || value !== this.#held
        this.#isDue = false
        if (isDue) await this.#apply(value)
        this.#held = value
        this.failure = undefined
        this.position = position
        this.#ports.onApplied()
      } catch (error) {
        // Rejecting here ends the process.
        if (isBug(error)) throw error
        this.#held = undefined
        this.failure = error
        this.#ports.onFailure(error)
        this.#pending ??= { position, value }
        await this.#ports.clock.sleep(retryMs, this.#ports.signal)
      }
    }
    this.#running = false
  }
}

type Offered<T> = { position: bigint; value: T }

type Ports = {
  clock: Clock
  signal: AbortSignal
  onApplied(): void
  onFailure(error: unknown): void
}
