import type { NodeSlots } from '../state/node-slots.ts'
import { absent, rejectionIn } from './node-cell.ts'
import { Tally } from './tally.ts'

/** How many nodes are in each cell of a ranking. */
export class CellCounts {
  /** Indexed by group. */
  readonly tallies: Tally[] = []
  /** The number of rejected nodes by the id of the rejection, without zeros. */
  readonly rejected = new Map<number, number>()
  readonly #scoreCount: number
  readonly #slots: NodeSlots

  constructor(scoreCount: number, slots: NodeSlots) {
    this.#scoreCount = scoreCount
    this.#slots = slots
  }

  /** Moves a node to another cell. */
  move(slot: number, before: number, after: number): void {
    if (before >= 0) {
      const group = this.#groupIn(before)
      this.#tallyOf(group).remove(before - group * this.#scoreCount, slot)
    } else this.#reject(before, -1)
    if (after >= 0) {
      const group = this.#groupIn(after)
      this.#tallyOf(group).add(after - group * this.#scoreCount, slot)
    } else this.#reject(after, 1)
  }

  /** Replaces all counts: `sizes[n]` nodes are in `cells[n]`. */
  countAnew(cells: Int32Array, sizes: Int32Array): void {
    for (const tally of this.tallies) tally.clear()
    this.rejected.clear()
    let first = Number.POSITIVE_INFINITY
    let tally: Tally | undefined
    for (let index = 0; index < cells.length; index += 1) {
      const cell = cells[index] ?? absent
      const size = sizes[index] ?? 0
      if (size <= 0) continue
      if (cell < 0) {
        this.#reject(cell, size)
        continue
      }
      // Consecutive cells are mostly of the same group, so the division is rarely needed.
      if (tally === undefined || cell < first || cell >= first + this.#scoreCount) {
        const group = this.#groupIn(cell)
        first = group * this.#scoreCount
        tally = this.#tallyOf(group)
      }
      tally.addMany(cell - first, size)
    }
  }

  #groupIn(cell: number): number {
    return (cell / this.#scoreCount) | 0
  }

  #reject(cell: number, by: number): void {
    if (cell === absent) return
    const id = rejectionIn(cell)
    const after = (this.rejected.get(id) ?? 0) + by
    if (after === 0) this.rejected.delete(id)
    else this.rejected.set(id, after)
  }

  #tallyOf(group: number): Tally {
    return this.tallies[group] ?? this.#create(group)
  }

  #create(group: number): Tally {
    let created: Tally
    do {
      created = new Tally(this.#slots)
    } while (this.tallies.push(created) <= group)
    return created
  }
}
