import { type LogMark, markOf } from '../moment/log-mark.ts'
import { historyRoot } from './history.ts'
import { type Reading, type Refusal, refusalOf } from './read.ts'

/** So many of the last events are known at once; older ones are asked for by time. */
const marksMax = 5_000
const pauseMs = 2_000
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
    return this.#reading.whileSeen(signal, (seen) => this.#run(seen))
  }

  async #run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        await this.#follow(signal)
      } catch (error) {
        if (signal.aborted) return
        this.refusal = refusalOf(error)
        this.#tell([])
        if (this.refusal.code === 403) return
      }
      await new Promise((resolve) => setTimeout(resolve, pauseMs))
    }
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
