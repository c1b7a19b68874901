/** Reconciliations through fewer objects than this cost next to nothing. */
const restlessMax = 200
/** The rest for each object: some twenty times what looking at it costs. */
const restMsPerObject = 0.02
/** The longest rest; shorter than what may wait for it, such as a terminating pod for its endpoint to disappear. */
const restMsMax = 1_000
/** How much rest a key may owe: the first changes after a quiet time are handled one by one, at once. */
const owedMsMax = 2_000

/**
 * Limits how often a key is reconciled if that goes through many objects: changes that arrive meanwhile are handled
 * together. So reconciliations take a small share of the time, however many objects there are.
 */
export class Pace {
  readonly #restedAtMs = new Map<string, number>()

  /**
   * Call after a reconciliation through so many objects; returns when (milliseconds) the key may be worked on again.
   */
  next(key: string, { objects, nowMs }: { objects: number; nowMs: number }): number {
    if (objects <= restlessMax) {
      this.#restedAtMs.delete(key)
      return nowMs
    }
    const restMs = Math.min(objects * restMsPerObject, restMsMax)
    const restedAtMs = Math.max(nowMs, this.#restedAtMs.get(key) ?? 0) + restMs
    this.#restedAtMs.set(key, restedAtMs)
    return Math.max(nowMs, restedAtMs - owedMsMax)
  }
}
