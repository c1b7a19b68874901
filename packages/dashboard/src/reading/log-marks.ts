import { type LogMark, markOf } from '../moment/log-mark.ts'
import { historyRoot } from './history.ts'
import type { Reading, Refusal } from './read.ts'
import { readAnew } from './read-anew.ts'

/** So many of the last events are known at once; older ones are asked for by time. */
const marksMax = 5_000
const gatherMs = 100

type LoggedEvent = Parameters<typeof markOf>[0]
type Listener = (added: readonly LogMark[]) => void

/** The newest events of the log as marks, the oldest first; goes on with what is recorded, over broken connections. */
export class LogMarks {
  marks: readonly LogMark[] = []
  /** Why there are none; undefined while there is nothing to say. */
  refusal: Refusal | undefined
  /** Whether these are all, from the log's first event on. */
  get isWhole(): boolean {
    return this.marks.length < marksMax
  }

  readonly #reading: Reading
  readonly #listeners = new Set<Listener>()
  #last: string | undefined
  #gathered: LogMark[] = []

  constructor(reading: Reading) {
    this.#reading = reading
  }

  /** Calls back with new events; with none where only the state of reading is another. Answers how to end that. */
  subscribe(listener: Listener): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Until the signal aborts, or the right to the log is missing. */
  run(signal: AbortSignal): Promise<void> {
    return this.#reading.whileSeen(signal, (seen) =>
      readAnew(
        seen,
        () => this.#follow(seen),
        (refusal) => this.#goesOn(refusal),
      ),
    )
  }

  async #follow(signal: AbortSignal): Promise<void> {
    const since = this.#last === undefined ? `limit=${marksMax}` : `since=${this.#last}`
    const path = `${historyRoot}/events?follow=true&brief=true&${since}`
    for await (const told of this.#reading.lines<LoggedEvent>(path, signal)) {
      this.#last = told.position
      const mark = markOf(told)
      if (mark !== undefined) this.#add(mark)
    }
  }

  /** Who has no right to the log is told so once. */
  #goesOn(refusal: Refusal | undefined): boolean {
    if (refusal === undefined) return true
    this.refusal = refusal
    this.#tell([])
    return refusal.code !== 403
  }

  /** What comes at once is told at once: the first answer alone is thousands of events. */
  #add(mark: LogMark): void {
    this.refusal = undefined
    this.#gathered.push(mark)
    if (this.#gathered.length > 1) return
    setTimeout(() => {
      const gathered = this.#gathered
      this.#gathered = []
      this.marks = [...this.marks, ...gathered].slice(-marksMax)
      this.#tell(gathered)
    }, gatherMs)
  }

  #tell(added: readonly LogMark[]): void {
    for (const listener of this.#listeners) listener(added)
  }
}
