import Opossum from 'opossum'

export type BreakerOptions = {
  name: string
  /** How long a call may take; one without gives up by itself. */
  timeoutMs?: number
  /** How long what fails is left alone before it is tried again. */
  resetMs: number
  /** The first failure opens it, or half of at least five calls. */
  opensAt: 'FirstFailure' | 'HalfOfCalls'
  /** Which errors are failures of what is called; all unless given. */
  isFailure?(error: unknown): boolean
  /** Called when it is to be tried again, for those who have to try by themselves; a call closes it then. */
  onHalfOpen?(): void
}

/** Guards calls to something that may be away: what keeps failing is not waited for until it answers again. */
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

  /** A failure was seen elsewhere. */
  open(): void {
    this.#breaker.open()
  }

  /** Ends its timers for good. */
  close(): void {
    this.#breaker.shutdown()
  }
}
