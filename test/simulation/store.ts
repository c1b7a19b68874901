import type { Appended, EventLog, Expected, NewEvent, RecordedEvent } from '@reckon/eventing'
import { createMemoryEventLog } from '@reckon/eventing/memory'
import type { Random } from './random.ts'

/** How often the store fails, as drawn by the seed. */
export type StoreFaults = {
  latencyMsMax: number
  /** The event is recorded, but the answer is lost. */
  answerLost: number
  notSent: number
  /** The writer is killed as soon as its event is recorded. */
  killAfterRecording: number
  /** The prefixes of streams where that is more frequent. */
  killOften: string
  /** A subscription ends for no reason. */
  followLost: number
}

export const noStoreFaults: StoreFaults = {
  latencyMsMax: 3,
  answerLost: 0,
  notSent: 0,
  killAfterRecording: 0,
  killOften: '',
  followLost: 0,
}

/** The event store of the simulated world: the memory twin, which can fail, and which reports each recorded event. */
export class SimulatedStore {
  faults: StoreFaults = noStoreFaults
  /** `Refusing`: connections fail at once. `Hanging`: nothing is answered. */
  state: 'There' | 'Refusing' | 'Hanging' = 'There'
  log: EventLog
  /** The number of this copy of the log: messages to another copy never arrive. */
  copy = 0
  readonly #random: Random
  readonly #onRecorded: (event: RecordedEvent) => void
  readonly #waiting = new Set<() => void>()
  #onReturn: (() => void)[] = []
  #last: bigint | undefined
  /** All events of the log. */
  readonly #changes: ((log: EventLog) => Promise<unknown>)[] = []
  readonly #systemIds: string[] = []

  constructor(random: Random, onRecorded: (event: RecordedEvent) => void) {
    this.#random = random
    this.log = this.#emptyLog([])
    this.#onRecorded = onRecorded
  }

  get last(): bigint | undefined {
    return this.#last
  }

  /** Records as the twin does, and reports new events. */
  async append(stream: string, expected: Expected, events: readonly NewEvent[]): Promise<Appended> {
    return this.#observing((log) => log.append(stream, expected, events))
  }

  tombstone(stream: string): Promise<void> {
    return this.#observing((log) => log.tombstone(stream))
  }

  limitStream(stream: string, maxCount: number): Promise<void> {
    return this.#observing((log) => log.limitStream(stream, maxCount))
  }

  /** Restores a copy that lacks this many of the last changes. */
  async restore(lost: number): Promise<void> {
    this.#changes.length = Math.max(0, this.#changes.length - lost)
    this.log = this.#emptyLog(this.#systemIds.splice(0))
    for (const change of this.#changes) await change(this.log)
    this.#last = await this.log.head()
    this.copy++
  }

  /** The first owner of these event ids, as in the log that it is a copy of. */
  #emptyLog(ids: string[]): EventLog {
    const nextId = () => {
      const id = ids.shift() ?? this.#random.uuid()
      this.#systemIds.push(id)
      return id
    }
    return createMemoryEventLog({ nextId })
  }

  async #observing<T>(change: (log: EventLog) => Promise<T>): Promise<T> {
    const before = this.#last
    const done = await change(this.log)
    for await (const event of this.log.readAll({ after: this.#last })) {
      this.#last = event.position
      this.#onRecorded(event)
    }
    if (this.#last !== before) this.#changes.push(change)
    this.wakeFollowers()
    return done
  }

  /** Calls once when something is recorded, or the store has failed. Returns a function that cancels. */
  onChange(wake: () => void): () => void {
    this.#waiting.add(wake)
    return () => this.#waiting.delete(wake)
  }

  /** Calls when the store answers again. */
  onReturn(arrive: () => void): void {
    this.#onReturn.push(arrive)
  }

  leave(state: 'Refusing' | 'Hanging'): void {
    this.state = state
    this.wakeFollowers()
  }

  comeBack(): void {
    this.state = 'There'
    const arrivals = this.#onReturn
    this.#onReturn = []
    for (const arrive of arrivals) arrive()
  }

  wakeFollowers(): void {
    const waiting = [...this.#waiting]
    this.#waiting.clear()
    for (const wake of waiting) wake()
  }
}
