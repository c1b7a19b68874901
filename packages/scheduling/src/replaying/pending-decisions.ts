import type { RecordedDecision } from './recorded-decision.ts'

/** Decisions that wait until the state that they saw is there, in the order in which they were made. */
export class PendingDecisions {
  #waiting: Pending[] = []
  /** What stands before it is taken: moved up one by one, thousands of others would be moved for each. */
  #first = 0

  add(recorded: RecordedDecision): void {
    const seen = BigInt(recorded.decision.view.position)
    const added = { seen, recorded }
    // They come nearly in order.
    let at = this.#waiting.length
    while (at > this.#first && isBefore(added, this.#waiting[at - 1])) at -= 1
    this.#waiting.splice(at, 0, added)
  }

  /** Takes those that saw nothing from this position on. */
  takeBefore(position: bigint): readonly RecordedDecision[] {
    const first = this.#waiting[this.#first]
    // Most events stand before no decision.
    if (first === undefined || first.seen >= position) return none
    const taken: RecordedDecision[] = []
    for (;;) {
      const next = this.#waiting[this.#first]
      if (next === undefined || next.seen >= position) break
      taken.push(next.recorded)
      this.#first += 1
    }
    if (this.#first * 2 > this.#waiting.length) {
      this.#waiting = this.#waiting.slice(this.#first)
      this.#first = 0
    }
    return taken
  }
}

const none: readonly RecordedDecision[] = []

type Pending = { seen: bigint; recorded: RecordedDecision }

function isBefore(a: Pending, b: Pending | undefined): boolean {
  if (b === undefined) return false
  if (a.seen !== b.seen) return a.seen < b.seen
  const [one, other] = [a.recorded.decision, b.recorded.decision]
  return one.term === other.term ? one.number < other.number : one.term < other.term
}
