/**
 * What no longer matters of a part of the log to whoever folds all of it: of each stream, the events before a position,
 * at which one supersedes them. Nothing after `upTo` is superseded.
 */
export type Superseded = { before: ReadonlyMap<string, bigint>; upTo: bigint }

type Superseding = { nth: number; stream: string; position: bigint }

/** Finds what is superseded among entries that are shown to it in order, by other ones than the last. */
export class SupersededFinder {
  readonly #spared: number
  #count = 0
  /** Some of them may be among the last. */
  #noted: Superseding[] = []
  readonly #before = new Map<string, bigint>()
  #upTo: bigint | undefined

  /** @param spared What the last so many entries supersede is not considered. */
  constructor(spared: number) {
    this.#spared = spared
  }

  /** To be called for each entry. */
  pass(): void {
    this.#count++
  }

  /** To be called for an entry that supersedes what is before it in its stream, once it has passed. */
  note(stream: string, position: bigint): void {
    this.#noted.push({ nth: this.#count, stream, position })
    if (this.#noted.length > 2 * this.#spared) this.#settle()
  }

  found(): Superseded | undefined {
    this.#settle()
    return this.#upTo === undefined ? undefined : { before: this.#before, upTo: this.#upTo }
  }

  #settle(): void {
    const isLate = ({ nth }: Superseding) => nth > this.#count - this.#spared
    const late = this.#noted.findIndex(isLate)
    const due = late < 0 ? this.#noted.length : late
    for (const { stream, position } of this.#noted.splice(0, due)) {
      this.#before.set(stream, position)
      this.#upTo = position
    }
  }
}
