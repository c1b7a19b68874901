import { CircuitBreaker } from '@reckon/eventing/circuit-breaker'
import { StatusError } from '@reckon/kubernetes'
import { isBug } from '@reckon/process'
import { RuntimeRefusal } from '../runtime/runtime.ts'

const resetMs = 1_000

/** The engine's error answers. */
type EngineError = Error & { statusCode?: number; reason?: string; json?: { message?: string } }

/** Calls the engine. Throws `ServiceUnavailable` while it is away, and `RuntimeRefusal` where it refuses. */
export type Engine = <T>(call: () => Promise<T>) => Promise<T>

type Outcome = { value: unknown } | { refusal: RuntimeRefusal }

/** A circuit breaker around the engine. Refusals do not count as failures. */
export function createEngine(name: string, timeoutMs: number): Engine {
  const breaker = new CircuitBreaker(
    async (call: () => Promise<unknown>): Promise<Outcome> => {
      try {
        return { value: await call() }
      } catch (error) {
        if (error instanceof RuntimeRefusal) return { refusal: error }
        if (statusCodeOf(error) === undefined) throw error
        return { refusal: refusalOf(error) }
      }
    },
    { name, timeoutMs, resetMs, opensAt: 'HalfOfCalls' },
  )
  return async <T>(call: () => Promise<T>): Promise<T> => {
    let outcome: Outcome
    try {
      outcome = await breaker.call(call)
    } catch (error) {
      if (isBug(error)) throw error
      const message = error instanceof Error ? error.message : String(error)
      throw new StatusError('ServiceUnavailable', message, undefined, { cause: error })
    }
    if ('refusal' in outcome) throw outcome.refusal
    return outcome.value as T
  }
}

/** The HTTP status of the engine's refusal; undefined for any other error. */
export function statusCodeOf(error: unknown): number | undefined {
  const from = error instanceof RuntimeRefusal ? error.cause : error
  return (from as EngineError | undefined)?.statusCode
}

/** The engine's message, without the prefix that its client adds. */
export function refusalOf(error: unknown): RuntimeRefusal {
  const { json, message } = error as EngineError
  const text = json?.message ?? message.replace(/^\(HTTP code \d+\) .*? - /, '')
  return new RuntimeRefusal(text.trim(), { cause: error })
}
