import type { StoredObject } from '../stored-object.ts'
import type { Entry } from './value-index.ts'

/**
 * The entries of a view as they were at one moment, taken one by one while the view goes on: what changes before its
 * turn is remembered as it was. So the moment costs nothing, and no more is held than changes meanwhile.
 */
export class PointInTime {
  readonly #entries: Iterable<Entry>
  readonly #last: number
  readonly #before = new Map<Entry, StoredObject>()
  #reached = 0
  #isOver = false

  /** Of entries in the order of their numbers, those up to the last one. */
  constructor(entries: Iterable<Entry>, last: number) {
    this.#entries = entries
    this.#last = last
  }

  /** To be called before an entry changes or goes. */
  changes(entry: Entry): void {
    const isToCome = entry.number > this.#reached && entry.number <= this.#last
    if (isToCome && !this.#isOver && !this.#before.has(entry)) this.#before.set(entry, entry.stored)
  }

  /** Who still takes objects gets an error. */
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
    // What was removed meanwhile is among the entries no more.
    this.#reached = this.#last
    for (const [{ stream }, stored] of this.#before) yield [stream, stored]
    this.end()
  }

  #assertGoesOn(): void {
    if (this.#isOver) throw new Error('another point in time is being read')
  }
}
