/** How something is listed, by which it is seen that it has changed. */
type Listed = { Id: string; State: string }

/**
 * What was found out about containers, found out anew only once something has happened to one: while the engine's
 * events are heard, and as long as a container is listed as it was.
 */
export class LastKnown<T> {
  readonly #find: (id: string) => Promise<T | undefined>
  readonly #known = new Map<string, { state: string; found: Promise<T | undefined> }>()
  #isHeard = false

  constructor(find: (id: string) => Promise<T | undefined>) {
    this.#find = find
  }

  /** The engine's events are heard from now on: what was known before may have changed unheard. */
  hear(): void {
    this.#known.clear()
    this.#isHeard = true
  }

  /** They are heard no more. */
  lose(): void {
    this.#known.clear()
    this.#isHeard = false
  }

  /** Something has happened to the container: also to one that is being asked about. */
  forget(id: string): void {
    this.#known.delete(id)
  }

  /** Undefined for one that is gone. */
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
