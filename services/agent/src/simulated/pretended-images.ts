import type { SeenImage } from '../runtime/disk-space.ts'

const imageBytes = 50 * 2 ** 20

/** The images of a machine that only pretends: each that is not said to be missing is there until it is removed. */
export class PretendedImages {
  readonly #missing: ReadonlySet<string>
  readonly #used = new Set<string>()
  readonly #removed = new Set<string>()

  constructor(missing: ReadonlySet<string> = new Set()) {
    this.#missing = missing
  }

  /** What they take of the disk. */
  get bytes(): number {
    return this.#used.size * imageBytes
  }

  has(image: string): boolean {
    return !this.#missing.has(image) && !this.#removed.has(image)
  }

  /** Answers whether the image can be had. */
  pull(image: string): boolean {
    this.#removed.delete(image)
    return this.has(image)
  }

  use(image: string): void {
    this.#used.add(image)
  }

  remove(image: string): void {
    if (this.#used.delete(image)) this.#removed.add(image)
  }

  /** Those of the names that are there; `isUsed` tells whether there is a container of one. */
  seen(names: readonly string[], isUsed: (image: string) => boolean): SeenImage[] {
    return names
      .filter((name) => this.#used.has(name))
      .map((name) => ({ name, bytes: imageBytes, isUsed: isUsed(name), isElsewhere: true }))
  }
}
