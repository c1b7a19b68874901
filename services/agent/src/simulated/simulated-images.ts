import type { SeenImage } from '../runtime/disk-space.ts'

const imageBytes = 50 * 2 ** 20

/** The images of a simulated machine: every image that is not declared missing is there until it is removed. */
export class SimulatedImages {
  readonly #missing: ReadonlySet<string>
  readonly #used = new Set<string>()
  readonly #removed = new Set<string>()

  constructor(missing: ReadonlySet<string> = new Set()) {
    this.#missing = missing
  }

  /** The disk space they take. */
  get bytes(): number {
    return this.#used.size * imageBytes
  }

  has(image: string): boolean {
    return !this.#missing.has(image) && !this.#removed.has(image)
  }

  /** Returns whether the image exists. */
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

  /** The images of these names; `isUsed` tells whether a container uses one. */
  seen(names: readonly string[], isUsed: (image: string) => boolean): SeenImage[] {
    return names
      .filter((name) => this.#used.has(name))
      .map((name) => ({ name, bytes: imageBytes, isUsed: isUsed(name), isElsewhere: true }))
  }
}
