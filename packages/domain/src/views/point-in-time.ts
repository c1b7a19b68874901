import { resourceId } from '@reckon/kubernetes'
import type { StoredObject } from '../stored-object.ts'
import type { Entry } from './value-index.ts'

/** The entries of a resource in the order of their keys, which stay the same ones whatever becomes of the view. */
type EntriesOf = readonly [resourceId: string, entries: Iterable<Entry>]

/**
 * The entries of a view as of one moment, iterated while the view goes on: an entry that changes before its turn is
 * copied first. So taking the moment costs next to nothing, and only entries that change meanwhile use memory.
 */
export class PointInTime {
  readonly #all: readonly EntriesOf[]
  readonly #last: number
  readonly #before = new Map<Entry, StoredObject>()
  readonly #done = new Set<string>()
  #reached: { id: string; key: string } | undefined
  #isOver = false

  /** What was added later has a higher number than `last`. */
  constructor(all: readonly EntriesOf[], last: number) {
    this.#all = all
    this.#last = last
  }

  /** Call before an entry changes or is removed. */
  changes(entry: Entry): void {
    if (this.#isOver || entry.number > this.#last || this.#before.has(entry)) return
    if (!this.#isPassed(entry)) this.#before.set(entry, entry.stored)
  }

  /** An iteration that is still running gets an error. */
  end(): void {
    this.#isOver = true
    this.#before.clear()
  }

  *objects(): Generator<readonly [stream: string, stored: StoredObject]> {
    this.#assertGoesOn()
    for (const [id, entries] of this.#all) {
      for (const entry of entries) {
        this.#reached = { id, key: entry.key }
        const before = this.#before.get(entry)
        this.#before.delete(entry)
        yield [entry.stream, before ?? entry.stored]
        this.#assertGoesOn()
      }
      this.#done.add(id)
    }
    this.end()
  }

  #isPassed({ resource, key }: Entry): boolean {
    const id = resourceId(resource)
    if (this.#done.has(id)) return true
    return this.#reached?.id === id && key <= this.#reached.key
  }

  #assertGoesOn(): void {
    if (this.#isOver) throw new Error('another point in time is being read')
  }
}
