/** A look at fewer objects costs next to nothing. */
const restlessMax = 200
/** Some twenty times what a look costs. */
const restMsPerObject = 0.02
/** Shorter than what waits for it: a pod on its way out, until its endpoint is gone. */
const restMsMax = 1_000
/** So much of its rest a key may owe: the first changes after a while are looked at one by one, at once. */
const owedMsMax = 2_000

/**
 * How often one key may be looked at where a look goes through many objects: of thousands, what changes meanwhile is
 * looked at together. So looks cost a small part of the time, however many objects there are.
 */
export class Pace {
  readonly #restedAtMs = new Map<string, number>()

  /** After a look at so many objects: the moment (milliseconds) from which the key may be worked on again. */
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
