/** So few numbers V8 keeps with the array itself. */
const sizeMin = 16

/**
 * The last changes of numbered things, so that whoever looked before looks again at these only. Read by version: from
 * the one where a reader stopped up to `version`.
 */
export class ChangeLog {
  readonly #sizeMax: number
  /** Grows with what is in it: most of the thousands that there may be hold little. */
  #ring: Int32Array
  #version = 0

  /** `sizeLog2`: how far it reaches back, as a power of two. */
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

  /** Whether everything since that version is still known, and little enough to be worth walking. */
  reachesTo(version: number): boolean {
    return this.#version - version <= this.#ring.length
  }

  #grow(): void {
    const longer = new Int32Array(Math.min(this.#ring.length * 4, this.#sizeMax))
    longer.set(this.#ring)
    this.#ring = longer
  }
}
