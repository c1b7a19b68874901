/** The fields of a listing by which a change is recognised. */
type Listed = { Id: string; State: string }

/**
 * Caches details of containers until something happens to them: valid while the engine's events are received and the
 * container is listed unchanged.
 */
export class LastKnown<T> {
  readonly #find: (id: string) => Promise<T | undefined>
  readonly #known = new Map<string, { state: string; found: Promise<T | undefined> }>()
  #isHeard = false

  constructor(find: (id: string) => Promise<T | undefined>) {
    this.#find = find
  }

  /** To be called when the engine's events begin: everything may have changed before. */
  hear(): void {
    this.#known.clear()
    this.#isHeard = true
  }

  /** To be called when the engine's events end. */
  lose(): void {
    this.#known.clear()
    this.#isHeard = false
  }

  /** Something has happened to the container; also cancels a lookup under way. */
  forget(id: string): void {
    this.#known.delete(id)
  }

  /** The details of a container; undefined where it is gone. */
  async of({ Id: id, State: state }: Listed): Promise<T | undefined> {
    const known = this.#known.get(id)
    if (known?.state === state) return known.found
    const found = this.#find(id)
    if (!this.#isHeard) return found
    const entry = { state, found }
    this.#known.set(id, entry)
    const isKept = await found.then(
      (value) => value !== undefined,
      () => false,
    )
    if (!isKept && this.#known.get(id) === entry) this.#known.delete(id)
    return found
  }
}
