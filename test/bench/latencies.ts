/** The latencies of many operations of one kind. */
export class Latencies {
  readonly #each: number[] = []

  async time<T>(what: () => Promise<T>): Promise<T> {
    const begun = performance.now()
    const result = await what()
    this.#each.push(performance.now() - begun)
    return result
  }

  addMs(ms: number): void {
    this.#each.push(ms)
  }

  get count(): number {
    return this.#each.length
  }

  /** The quantile, in milliseconds. */
  percentileMs(part: number): number {
    const sorted = this.#each.toSorted((a, b) => a - b)
    return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN
  }
}
