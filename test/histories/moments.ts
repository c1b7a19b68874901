import type { Operation } from './operation.ts'

/** Why an event was recorded before or after a time: what this operation says of the event at this place. */
export type Witness = { time: number; index: number; operation: Operation }

/** Two operations that cannot both be right: `late` says recorded after, `early` says recorded before. */
export type Contradiction = { late: Witness; early: Witness }

/**
 * When events were recorded, by the clock of the recorder. Every answer bounds some of these moments, and the log's
 * order carries a bound on: no event was recorded before its predecessor. The history has an order in time that
 * agrees with the log exactly where no two bounds contradict each other.
 */
export class Moments {
  readonly #after: (Witness | undefined)[]
  readonly #before: (Witness | undefined)[]
  #settledAfter: (Witness | undefined)[] = []
  #settledBefore: (Witness | undefined)[] = []

  constructor(count: number) {
    this.#after = new Array(count)
    this.#before = new Array(count)
  }

  get count(): number {
    return this.#after.length
  }

  /** The event was recorded after this time; past the end of the log says nothing. */
  recordedAfter(index: number, time: number, operation: Operation): void {
    if (index >= this.count || time <= (this.#after[index]?.time ?? 0)) return
    this.#after[index] = { time, index, operation }
  }

  /** The event was recorded before this time; -1, before all events, says nothing. */
  recordedBefore(index: number, time: number, operation: Operation): void {
    if (index < 0 || time >= (this.#before[index]?.time ?? Number.POSITIVE_INFINITY)) return
    this.#before[index] = { time, index, operation }
  }

  /** Carries every bound on along the log's order. */
  settle(): void {
    this.#settledAfter = new Array(this.count)
    this.#settledBefore = new Array(this.count)
    let latest: Witness | undefined
    for (let index = 0; index < this.count; index++) {
      const after = this.#after[index]
      if (after !== undefined && after.time > (latest?.time ?? 0)) latest = after
      this.#settledAfter[index] = latest
    }
    let earliest: Witness | undefined
    for (let index = this.count - 1; index >= 0; index--) {
      const before = this.#before[index]
      if (before !== undefined && before.time < timeOf(earliest)) earliest = before
      this.#settledBefore[index] = earliest
    }
  }

  /** Whether the event may have been recorded before this time, by all that is settled. */
  mayPrecede(index: number, time: number): boolean {
    return index < 0 || (this.#settledAfter[index]?.time ?? 0) < time
  }

  /** Whether the event may have been recorded after this time, or never. */
  mayFollow(index: number, time: number): boolean {
    return index >= this.count || timeOf(this.#settledBefore[index]) > time
  }

  /** Where two bounds contradict each other, each pair of operations once. */
  contradictions(): Contradiction[] {
    const found = new Map<string, Contradiction>()
    for (let index = 0; index < this.count; index++) {
      const [late, early] = [this.#settledAfter[index], this.#settledBefore[index]]
      if (late === undefined || early === undefined || late.time < early.time) continue
      const pair = `${late.operation.id} ${early.operation.id}`
      if (!found.has(pair)) found.set(pair, { late, early })
    }
    return [...found.values()]
  }
}

const timeOf = (witness: Witness | undefined): number => witness?.time ?? Number.POSITIVE_INFINITY
