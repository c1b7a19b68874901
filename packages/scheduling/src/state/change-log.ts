/** V8 stores so few numbers within the array object itself. */
const sizeMin = 16

/**
 * The last changes of numbered things, so that a reader visits only what has changed since its last visit. Read by
 * version: from the one at which the reader stopped up to `version`.
 */
export class ChangeLog {
  readonly #sizeMax: number
  /** Grows with its content, because most of the thousands of these logs hold little. */
  #ring: Int32Array
  #version = 0

  /** `sizeLog2`: the binary logarithm of how many changes are kept. */
  constructor(sizeLog2: number) {
    this.#sizeMax = 1 << sizeLog2
    this.#ring = new Int32Array(Math.min(sizeMin, this.#sizeMax))
  }

  get version(): number {
    return this.#version
  }

  add(changed: number): void {
    if (this.#version === this.#ring.length && this.#version < this.#sizeMax) this.#grow()
    this.#ring[this.#version & (this.#ring.length - 1)] = changed
    this.#version += 1
  }

  /** What changed at this version. */
  at(version: number): number {
    return this.#ring[version & (this.#ring.length - 1)] ?? 0
  }

  /** Whether all changes since that version are still kept. */
  reachesTo(version: number): boolean {
    return this.#version - version <= this.#ring.length
  }

  #grow(): void {
    const longer = new Int32Array(Math.min(this.#ring.length * 4, this.#sizeMax))
    longer.set(this.#ring)
    this.#ring = longer
  }
}
