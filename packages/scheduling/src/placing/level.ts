import type { Candidate } from './candidate.ts'
import type { Judgement } from './judge.ts'
import type { PodClass } from './pod-class.ts'

/** The nodes that have the same total: some nodes of some groups, with one absolute score for each group. */
export class Level {
  readonly total: number
  /** How many nodes have it. */
  readonly size: number
  readonly #podClass: PodClass
  /** Cells of the ranking. */
  readonly #cells: number[] = []
  readonly #exceptional: { group: object; score: number }[] = []

  constructor(podClass: PodClass, { suiting, totals }: Judgement, total: number) {
    this.total = total
    this.#podClass = podClass
    let size = 0
    for (const [index, candidate] of suiting.entries()) {
      const score = total - (totals[index] ?? 0)
      const count = score < 0 ? 0 : candidate.at(score)
      size += count
      if (count > 0) this.#add(candidate, score)
    }
    this.size = size
  }

  #add({ group, exceptional }: Candidate, score: number): void {
    if (exceptional) this.#exceptional.push({ group: exceptional, score })
    else this.#cells.push(group * this.#podClass.ranking.scoreCount + score)
  }

  /** The slot of the one with this rank by name, from 0. */
  find(rank: number): number {
    const { ranking, exceptions, cluster } = this.#podClass
    const { order, count } = cluster.slots
    const { cells } = ranking
    const [first = -1, ...others] = this.#cells
    const isOne = others.length === 0
    if (isOne && exceptions === undefined && this.size === 1) return cells.indexOf(first)
    const stands = exceptions?.standing ?? none
    const isOrdinary = this.#exceptional.length === 0
    // From the nearer end, and without a call for most nodes: much of the time goes into this walk.
    const isLate = rank > this.size / 2
    const step = isLate ? -1 : 1
    let at = isLate ? count - 1 : 0
    let left = isLate ? this.size - 1 - rank : rank
    for (; at >= 0 && at < count; at += step) {
      const slot = order[at] ?? 0
      const isMeant =
        stands[slot] === 1
          ? !isOrdinary && this.#isExceptional(slot)
          : cells[slot] === first || (!isOne && others.includes(cells[slot] ?? -1))
      if (!isMeant) continue
      if (left === 0) return slot
      left -= 1
    }
    throw new Error('a group counts more nodes than there are')
  }

  #isExceptional(slot: number): boolean {
    const exception = this.#podClass.exceptions?.of(slot)
    return this.#exceptional.some(
      ({ group, score }) => exception?.exceptional === group && exception.score === score,
    )
  }
}

const none = new Uint8Array(0)

/** The best nodes whose total is below a limit; undefined where there are none. */
export function levelBelow(
  limit: number,
  podClass: PodClass,
  judgement: Judgement,
): Level | undefined {
  let total = -1
  for (const [index, candidate] of judgement.suiting.entries()) {
    const ofGroup = judgement.totals[index] ?? 0
    const top = candidate.topUpTo(limit - ofGroup - 1)
    if (top >= 0) total = Math.max(total, top + ofGroup)
  }
  return total < 0 ? undefined : new Level(podClass, judgement, total)
}
