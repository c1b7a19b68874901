/** The used slots of one place: all those below a number, and some above it. */
export class UsedSlots {
  #floor: number
  readonly #above: Set<number>

  constructor(floor = 0, above: Iterable<number> = []) {
    this.#floor = floor
    this.#above = new Set(above)
  }

  add(slot: number): void {
    if (slot < this.#floor) return
    this.#above.add(slot)
    while (this.#above.delete(this.#floor)) this.#floor += 1
  }

  has(slot: number): boolean {
    return slot < this.#floor || this.#above.has(slot)
  }

  /** The slots that were never used, lowest first, endless. */
  *free(): Generator<number, never> {
    for (let slot = this.#floor; ; slot += 1) if (!this.#above.has(slot)) yield slot
  }

  snapshot(): readonly [floor: number, above: readonly number[]] {
    return [this.#floor, [...this.#above].sort((a, b) => a - b)]
  }
}
