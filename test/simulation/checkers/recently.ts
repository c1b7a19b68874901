/** The values that a number had within a recent period. */
export class Recently {
  readonly #forMs: number
  #values: { value: number; sinceMs: number }[] = []

  constructor(forMs: number) {
    this.#forMs = forMs
  }

  add(value: number, nowMs: number): void {
    this.#values.push({ value, sinceMs: nowMs })
  }

  least(nowMs: number): number {
    return Math.min(...this.#of(nowMs))
  }

  most(nowMs: number): number {
    return Math.max(...this.#of(nowMs))
  }

  /** The last value from before the period counts, too: it was valid at its beginning. */
  #of(nowMs: number): number[] {
    const first = this.#values.findLastIndex(({ sinceMs }) => sinceMs <= nowMs - this.#forMs)
    if (first > 0) this.#values = this.#values.slice(first)
    return this.#values.map(({ value }) => value)
  }
}
