import type { Candidate } from './candidate.ts'
import type { Judgement } from './judge.ts'
import { placeAmong, SomeNodes } from './node-set.ts'
import type { PodClass } from './pod-class.ts'

/** All nodes with the same total score. In each group these are the nodes with one absolute score. */
export class Level {
  readonly total: number
  /** The number of nodes. */
  readonly size: number
  readonly #podClass: PodClass
  readonly #parts: Part[] = []
  /** Collected by the first `find`. */
  #nodes: readonly SomeNodes[] | undefined

  constructor(podClass: PodClass, { suiting, totals }: Judgement, total: number) {
    this.total = total
    this.#podClass = podClass
    let size = 0
    suiting.forEach((candidate, index) => {
      const score = total - (totals[index] ?? 0)
      const count = score < 0 ? 0 : candidate.at(score)
      size += count
      if (count > 0) this.#parts.push({ candidate, score })
    })
    this.size = size
  }

  /** The slot of the node with this rank in the order of names, from 0. */
  find(rank: number): number {
    const { ranking, exceptions, cluster } = this.#podClass
    const { scoreCount } = ranking.judge
    const [first] = this.#parts
    if (first !== undefined && this.size === 1 && exceptions === undefined) {
      return ranking.onlyOneOf(first.candidate.group * scoreCount + first.score)
    }
    this.#nodes ??= this.#parts.map((part) => this.#nodesOf(part))
    const slot = cluster.slots.order[placeAmong(this.#nodes, rank)]
    if (slot === undefined) throw new Error('a group counts more nodes than there are')
    return slot
  }

  #nodesOf({ candidate, score }: Part): SomeNodes {
    const { ranking, exceptions } = this.#podClass
    const { all, hidden, group, exceptional } = candidate
    const cell = group * ranking.judge.scoreCount + score
    const nodes = all.nodesAt(score, (found) => {
      if (exceptional) exceptions?.addNodesOf(exceptional, cell, found)
      else ranking.addNodesOf(cell, found)
    })
    if (!hidden || exceptions === undefined || hidden.at(score) === 0) {
      return new SomeNodes(nodes, [])
    }
    // A set for each class, when there are thousands, would cost more than to look for the few again.
    if (exceptions.areFew) return new SomeNodes(nodes, exceptions.placesIn(cell))
    return new SomeNodes(
      nodes,
      hidden.nodesAt(score, (found) => exceptions.addHidden(cell, found)),
    )
  }
}

type Part = { readonly candidate: Candidate; readonly score: number }

/** The nodes with the highest total below a limit; undefined if there are none. */
export function levelBelow(
  limit: number,
  podClass: PodClass,
  judgement: Judgement,
): Level | undefined {
  let total = -1
  judgement.suiting.forEach((candidate, index) => {
    const ofGroup = judgement.totals[index] ?? 0
    const top = candidate.topUpTo(limit - ofGroup - 1)
    if (top >= 0) total = Math.max(total, top + ofGroup)
  })
  return total < 0 ? undefined : new Level(podClass, judgement, total)
}
