import type { NodeSlots } from '../state/node-slots.ts'
import { absent, rejectionIn } from './node-cell.ts'
import { Tally } from './tally.ts'

/** How many nodes are in which cell of a ranking. */
export class CellCounts {
  /** By group. */
  readonly tallies: Tally[] = []
  /** How many nodes each rejection keeps pods off, by its id. */
  readonly rejected: number[] = []
  readonly #scoreCount: number
  readonly #slots: NodeSlots

  constructor(scoreCount: number, slots: NodeSlots) {
    this.#scoreCount = scoreCount
    this.#slots = slots
  }

  /** A node is in another cell than before. */
  move(slot: number, before: number, after: number): void {
    this.#count(before, slot, false)
    this.#count(after, slot, true)
  }

  #count(cell: number, slot: number, isThere: boolean): void {
    if (cell >= 0) {
      const group = (cell / this.#scoreCount) | 0
      const score = cell - group * this.#scoreCount
      const tally = this.tallies[group] ?? this.#create(group)
      if (isThere) tally.add(score, slot)
      else tally.remove(score, slot)
    } else if (cell !== absent) {
      const id = rejectionIn(cell)
      this.rejected[id] = (this.rejected[id] ?? 0) + (isThere ? 1 : -1)
    }
  }

  #create(group: number): Tally {
    let created: Tally
    do {
      created = new Tally(this.#scoreCount, this.#slots)
    } while (this.tallies.push(created) <= group)
    return created
  }
}
