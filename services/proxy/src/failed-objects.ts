import { KeyFailure } from '@reckon/eventing/bus'
import type { KeyFailures } from '@reckon/process'

/** A pure computation from many objects, each with a key. */
export type Computation<T> = {
  /** Computes from all objects except these. */
  without(leftOut: ReadonlySet<string>): T
  /** By key, the same computation for one object alone. */
  alone(): ReadonlyMap<string, () => unknown>
}

const none: ReadonlySet<string> = new Set()

/**
 * Finds the objects that a bug keeps from being computed: they are left out, counted and logged, and all others are
 * served. A bug that no single object shows is thrown, and ends the process.
 */
export class FailedObjects {
  readonly #failures: KeyFailures
  #failing = none

  constructor(failures: KeyFailures) {
    this.#failures = failures
  }

  compute<T>(of: Computation<T>, versionOf: (key: string) => string | undefined): T {
    try {
      const complete = of.without(none)
      this.#settle(none)
      return complete
    } catch (error) {
      // Only after a failure is each object tried by itself.
      const failures = [...of.alone()].flatMap(([key, one]) => failureOf(key, one) ?? [])
      if (failures.length === 0) throw error
      for (const each of failures) this.#failures.failed(each.key, each, versionOf(each.key))
      const failing = new Set(failures.map(({ key }) => key))
      this.#settle(failing)
      return of.without(failing)
    }
  }

  #settle(failing: ReadonlySet<string>): void {
    for (const key of this.#failing) if (!failing.has(key)) this.#failures.settled(key)
    this.#failing = failing
  }
}

function failureOf(key: string, compute: () => unknown): KeyFailure | undefined {
  try {
    compute()
    return undefined
  } catch (error) {
    return new KeyFailure(key, error)
  }
}
