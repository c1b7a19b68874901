import { isRefusal } from '@reckon/kubernetes'

/**
 * Something pure, computed for one key, threw what is no refusal: a bug of ours, but one that has spoilt nothing beside
 * that key. A loop lets the key rest and goes on with all others.
 */
export class KeyFailure extends Error {
  override readonly name = 'KeyFailure'
  /** What it was computed for: an object's stream, where there is one. */
  readonly key: string

  constructor(key: string, cause: unknown) {
    super(`${key}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
    this.key = key
  }
}

/**
 * What answers at once. What awaits may be left half done: it does not belong in here, and its bugs end the process.
 */
export type Computation<T> = (() => T) &
  ([T] extends [never] ? unknown : [T] extends [PromiseLike<unknown>] ? never : unknown)

/** Computes something pure for one key. Refusals pass; whatever else is thrown becomes a `KeyFailure`. */
export function attempt<T>(key: string, compute: Computation<T>): T {
  try {
    return compute()
  } catch (error) {
    if (isRefusal(error) || error instanceof KeyFailure) throw error
    throw new KeyFailure(key, error)
  }
}
