import type { EqualLoads } from './equal-loads.ts'
import { absent } from './node-cell.ts'

/** Not cached because its number is too large: it is computed again. */
const verdictMax = 32_767

/** The verdicts for one class of pods on each load so far: a score, or the cell of a rejection. */
export class LoadVerdicts {
  readonly #loads: EqualLoads
  /** By the load's number; absent where that was not judged. */
  #verdicts = new Int16Array(0)
  #epoch = 0

  constructor(loads: EqualLoads) {
    this.#loads = loads
  }

  /** Takes in what changed of the loads. */
  refresh(): void {
    const loads = this.#loads
    loads.refresh()
    if (this.#epoch === loads.epoch) return
    this.#epoch = loads.epoch
    this.#verdicts.fill(absent)
  }

  /** The verdict on the load of a slot; `judge` finds it for the first one that has that load. */
  at(slot: number, judge: (slot: number) => number): number {
    const load = this.#loads.at(slot)
    const known = this.#verdicts[load] ?? absent
    if (known !== absent) return known
    const verdict = judge(slot)
    if (Math.abs(verdict) > verdictMax) return verdict
    if (load >= this.#verdicts.length) this.#grow(load)
    this.#verdicts[load] = verdict
    return verdict
  }

  #grow(load: number): void {
    const longer = new Int16Array(Math.max(2 * load, 64)).fill(absent)
    longer.set(this.#verdicts)
    this.#verdicts = longer
  }
}
