import CircuitBreaker from 'opossum'

/** How long a call may take, and how long a dependency that keeps failing is left alone. */
export type BreakerOptions = { name: string; timeoutMs: number; resetMs: number }

/**
 * Guards calls to a dependency: one that keeps failing answers at once with an error until it is tried again after
 * `resetMs`.
 */
export function createCircuitBreaker<Arguments extends unknown[], Result>(
  call: (...args: Arguments) => Promise<Result>,
  { name, timeoutMs, resetMs }: BreakerOptions,
): CircuitBreaker<Arguments, Result> {
  return new CircuitBreaker(call, {
    name,
    timeout: timeoutMs,
    resetTimeout: resetMs,
    errorThresholdPercentage: 50,
    volumeThreshold: 5,
  })
}
