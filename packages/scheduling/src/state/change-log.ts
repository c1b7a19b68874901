/**
 * The last changes of numbered things, so that whoever looked before looks again at these only. Read by version: from
 * the one where a reader stopped up to `version`.
 */
export class ChangeLog {
  readonly #ring: Int32Array
  #version = 0

  /** `sizeLog2`: how far it reaches back, as a power of two. */
  constructor(sizeLog2: number) {
    this.#ring = new Int32Array(1 << sizeLog2)
  }

  get version(): number {
    return this.#version
  }

  add(changed: number): void {
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
}
