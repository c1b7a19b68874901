import type { StoredObject } from '../stored-object.ts'
import type { Entry } from './value-index.ts'

/**
 * The entries of a view as of one moment, iterated while the view goes on: an entry that changes before its turn is
 * copied first. So taking the moment costs nothing, and only entries that change meanwhile use memory.
 */
export class PointInTime {
  readonly #entries: Iterable<Entry>
  readonly #last: number
  readonly #before = new Map<Entry, StoredObject>()
  #reached = 0
  #isOver = false

  /** Over entries in the order of their numbers, up to the last one. */
  constructor(entries: Iterable<Entry>, last: number) {
    this.#entries = entries
    this.#last = last
  }

  /** Call before an entry changes or is removed. */
  changes(entry: Entry): void {
    const isToCome = entry.number > this.#reached && entry.number <= this.#last
    if (isToCome && !this.#isOver && !this.#before.has(entry)) this.#before.set(entry, entry.stored)
  }

  /** An iteration that is still running gets an error. */
  end(): void {
    this.#isOver = true
    this.#before.clear()
  }

  *objects(): Generator<readonly [stream: string, stored: StoredObject]> {
    this.#assertGoesOn()
    for (const entry of this.#entries) {
      if (entry.number > this.#last) break
      this.#reached = entry.number
      const before = this.#before.get(entry)
      this.#before.delete(entry)
      yield [entry.stream, before ?? entry.stored]
      this.#assertGoesOn()
    }
    // Entries removed meanwhile are only in the copies.
    this.#reached = this.#last
    for (const [{ stream }, stored] of this.#before) yield [stream, stored]
    this.end()
  }

  #assertGoesOn(): void {
    if (this.#isOver) throw new Error('another point in time is being read')
  }
}
