import type { Candidate } from './candidate.ts'
import type { Judgement } from './judge.ts'
import { bitAt, bitCount, NodeSet } from './node-set.ts'
import type { PodClass } from './pod-class.ts'

/** The nodes that have the same total: some nodes of some groups, with one absolute score for each group. */
export class Level {
  readonly total: number
  /** How many nodes have it. */
  readonly size: number
  readonly #podClass: PodClass
  readonly #parts: Part[] = []
  /** Found when the first of them is asked for. */
  #members: readonly Members[] | undefined

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

  /** The slot of the one with this rank by name, from 0. */
  find(rank: number): number {
    const { ranking, exceptions, cluster } = this.#podClass
    const { scoreCount } = ranking.judge
    const [first] = this.#parts
    if (first !== undefined && this.size === 1 && exceptions === undefined) {
      return ranking.onlyOneOf(first.candidate.group * scoreCount + first.score)
    }
    this.#members ??= this.#parts.map((part) => this.#membersOf(part))
    const members = this.#members
    const words = (cluster.slots.count + 31) >>> 5
    let left = rank
    for (let word = 0; word < words; word += 1) {
      let bits = 0
      for (const { nodes, hidden } of members) bits |= wordOf(nodes, word) & ~wordOf(hidden, word)
      if (bits === 0) continue
      const count = bitCount(bits)
      if (left < count) return cluster.slots.order[word * 32 + bitAt(bits, left)] ?? 0
      left -= count
    }
    throw new Error('a group counts more nodes than there are')
  }

  #membersOf({ candidate, score }: Part): Members {
    const { ranking, exceptions } = this.#podClass
    const { all, hidden, group, exceptional } = candidate
    const cell = group * ranking.judge.scoreCount + score
    return {
      nodes: all.nodesAt(score, (nodes) => {
        if (exceptional) exceptions?.addNodesOf(exceptional, cell, nodes)
        else ranking.addNodesOf(cell, nodes)
      }),
      hidden:
        hidden && hidden.at(score) > 0
          ? hidden.nodesAt(score, (nodes) => exceptions?.addHidden(cell, nodes))
          : nobody,
    }
  }
}

type Part = { readonly candidate: Candidate; readonly score: number }

/** Nodes but for those that are hidden among them. */
type Members = { readonly nodes: NodeSet; readonly hidden: NodeSet }

const nobody = new NodeSet(0)

const wordOf = ({ words }: NodeSet, index: number): number => words[index] ?? 0

/** The best nodes whose total is below a limit; undefined where there are none. */
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
