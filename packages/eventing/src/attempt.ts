import { isRefusal } from '@reckon/kubernetes'

/**
 * A pure computation for one key threw something that is no refusal. It is a bug of ours, but it has damaged nothing
 * beyond that key: a loop retries the key later and goes on with all others.
 */
export class KeyFailure extends Error {
  override readonly name = 'KeyFailure'
  /** The key: an object's stream, where there is one. */
  readonly key: string

  constructor(key: string, cause: unknown) {
    super(`${key}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
    this.key = key
  }
}

/**
 * A synchronous function. Asynchronous code may stop half-way, so it must not run within `attempt`; its bugs end the
 * process.
 */
export type Computation<T> = (() => T) &
  ([T] extends [never] ? unknown : [T] extends [PromiseLike<unknown>] ? never : unknown)

/** Runs a pure computation for one key. Refusals pass through; anything else it throws becomes a `KeyFailure`. */
export function attempt<T>(key: string, compute: Computation<T>): T {
  try {
    return compute()
  } catch (error) {
    if (isRefusal(error) || error instanceof KeyFailure) throw error
    throw new KeyFailure(key, error)
  }
}
