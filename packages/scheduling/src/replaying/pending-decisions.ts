import type { RecordedDecision } from './recorded-decision.ts'

/** Decisions that wait until the state that they saw is there, in the order in which they were made. */
export class PendingDecisions {
  #waiting: Pending[] = []

  add(recorded: RecordedDecision): void {
    const seen = BigInt(recorded.decision.view.position)
    const added = { seen, recorded }
    // They come nearly in order.
    let at = this.#waiting.length
    while (at > 0 && isBefore(added, this.#waiting[at - 1])) at -= 1
    this.#waiting.splice(at, 0, added)
  }

  /** Takes those that saw nothing from this position on. */
  takeBefore(position: bigint): RecordedDecision[] {
    const later = this.#waiting.findIndex(({ seen }) => seen >= position)
    const taken = later < 0 ? this.#waiting.splice(0) : this.#waiting.splice(0, later)
    return taken.map(({ recorded }) => recorded)
  }
}

type Pending = { seen: bigint; recorded: RecordedDecision }

function isBefore(a: Pending, b: Pending | undefined): boolean {
  if (b === undefined) return false
  if (a.seen !== b.seen) return a.seen < b.seen
  const [one, other] = [a.recorded.decision, b.recorded.decision]
  return one.term === other.term ? one.number < other.number : one.term < other.term
}
