/** The most entries kept; a view that is further behind costs reads. */
const keptMax = 4096

type Kept<T> = { position: bigint; value: T | undefined }

/**
 * What this process has recorded and its own view has not seen yet, by stream. Entries are removed once the view has
 * passed them, and the oldest beyond a limit.
 */
export class Unseen<T> {
  readonly #view: { readonly position: bigint | undefined }
  readonly #byStream = new Map<string, Kept<T>>()

  constructor(view: { readonly position: bigint | undefined }) {
    this.#view = view
  }

  of(stream: string): T | undefined {
    const kept = this.#byStream.get(stream)
    return kept === undefined || this.#isSeen(kept) ? undefined : kept.value
  }

  /** The entry of the event at this position, seen or not. */
  at(stream: string, position: bigint): T | undefined {
    const kept = this.#byStream.get(stream)
    return kept?.position === position ? kept.value : undefined
  }

  /** If answers arrive in another order than the events were recorded, the newest counts. */
  note(stream: string, position: bigint, value: T): void {
    const kept = this.#byStream.get(stream)
    if (kept !== undefined && kept.position > position) return
    // Re-inserted, so that it is last.
    if (kept !== undefined) this.#remove(stream, kept)
    this.#byStream.set(stream, { position, value })
    for (const [oldest, old] of this.#byStream) {
      if (this.#byStream.size <= keptMax && !this.#isSeen(old)) break
      this.#remove(oldest, old)
    }
  }

  /** Empties it as well: what a growing Map has left behind keeps it until the next whole garbage collection. */
  #remove(stream: string, kept: Kept<T>): void {
    this.#byStream.delete(stream)
    kept.value = undefined
  }

  #isSeen({ position }: Kept<T>): boolean {
    return position <= (this.#view.position ?? -1n)
  }
}
