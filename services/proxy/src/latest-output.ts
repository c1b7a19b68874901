import type { Clock } from '@reckon/eventing/bus'
import { isBug } from '@reckon/process'

const retryMs = 1_000

/**
 * Brings the newest of what it is offered to one output: one at a time, leaving out what was
 * overtaken meanwhile, again after a second where the machine failed. A bug ends the process.
 */
export class LatestOutput<T> {
  /** The position of the last value that the output holds. */
  position: bigint | undefined
  /** Why the output does not hold the newest, where it failed. */
  failure: unknown
  #newest: Offered<T> | undefined
  #pending: Offered<T> | undefined
  #held: T | undefined
  #running = false
  /** Also what is held is to be applied. */
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

  /** Applies the newest again, though the output may hold it. */
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
        // Rejected here it ends the process.
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
