/** How many nodes have which absolute score. */
export class Tally {
  readonly #counts: Int32Array
  #size = 0
  #top = -1

  /** Scores lie below `length`. */
  constructor(length: number) {
    this.#counts = new Int32Array(length)
  }

  get size(): number {
    return this.#size
  }

  /** The highest score that a node has; -1 where there is none. */
  get top(): number {
    return this.#top
  }

  at(score: number): number {
    return this.#counts[score] ?? 0
  }

  add(score: number): void {
    this.#counts[score] = this.at(score) + 1
    this.#size += 1
    if (score > this.#top) this.#top = score
  }

  remove(score: number): void {
    this.#counts[score] = this.at(score) - 1
    this.#size -= 1
    while (this.#top >= 0 && this.at(this.#top) === 0) this.#top -= 1
  }
}
