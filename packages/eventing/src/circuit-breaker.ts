import Opossum from 'opossum'

export type BreakerOptions = {
  name: string
  /** How long a call may take; without it, calls are expected to end by themselves. */
  timeoutMs?: number
  /** How long the open breaker waits before it lets a call through again. */
  resetMs: number
  /** What opens the breaker: the first failure, or half of at least five calls. */
  opensAt: 'FirstFailure' | 'HalfOfCalls'
  /** Which errors count as failures; all unless given. */
  isFailure?(error: unknown): boolean
  /** Called when the breaker is half open, for callers that must probe by themselves; a successful call closes it. */
  onHalfOpen?(): void
}

/** Guards calls to something that may be away: while it fails, callers are refused at once instead of waiting. */
export class CircuitBreaker<Arguments extends unknown[], Result> {
  readonly #breaker: Opossum<Arguments, Result>

  constructor(call: (...args: Arguments) => Promise<Result>, options: BreakerOptions) {
    const { name, timeoutMs, resetMs, opensAt, isFailure, onHalfOpen } = options
    this.#breaker = new Opossum(call, {
      name,
      timeout: timeoutMs ?? false,
      resetTimeout: resetMs,
      errorThresholdPercentage: 50,
      volumeThreshold: 5,
      ...(isFailure && { errorFilter: (error: unknown) => !isFailure(error) }),
    })
    if (opensAt === 'FirstFailure') this.#breaker.on('failure', () => this.#breaker.open())
    if (onHalfOpen) this.#breaker.on('halfOpen', () => onHalfOpen())
  }

  get isClosed(): boolean {
    return this.#breaker.closed
  }

  /** Rejects at once while it is open. */
  call(...args: Arguments): Promise<Result> {
    return this.#breaker.fire(...args)
  }

  /** Opens the breaker because of a failure that was seen elsewhere. */
  open(): void {
    this.#breaker.open()
  }

  /** Stops its timers for good. */
  close(): void {
    this.#breaker.shutdown()
  }
}
