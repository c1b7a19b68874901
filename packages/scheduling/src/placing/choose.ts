import type { Judgement } from './judge.ts'
import { type Level, levelBelow } from './level.ts'
import type { PodClass } from './pod-class.ts'

/** The node that was chosen, and among how many equals. */
export type Choice = {
  readonly slot: number
  readonly total: number
  /** How many nodes have that total. */
  readonly tied: number
  /** Which of these it is, by name, from 0. */
  readonly rank: number
  /** All that have it; undefined for a node that is taken whatever others are worth. */
  readonly level: Level | undefined
}

/** A node that is taken whatever others are worth. */
export const choiceOf = (slot: number, total: number): Choice => ({
  ...{ slot, total, tied: 1, rank: 0 },
  level: undefined,
})

/** The best of the nodes that suit; among equals the one whose rank by name follows from `hash`. */
export function choose(podClass: PodClass, judgement: Judgement, hash: number): Choice | undefined {
  const best = levelBelow(Number.POSITIVE_INFINITY, podClass, judgement)
  if (best === undefined) return undefined
  const { total, size: tied } = best
  const rank = hash % tied
  return { slot: best.find(rank), total, tied, rank, level: best }
}

/** The slots of the best nodes but the chosen one, by name where they are equal. */
export function nextBest(
  podClass: PodClass,
  judgement: Judgement,
  { slot: chosen, level: best, max }: Pick<Choice, 'slot' | 'level'> & { max: number },
): number[] {
  const found: number[] = []
  let level = best ?? levelBelow(Number.POSITIVE_INFINITY, podClass, judgement)
  while (level !== undefined && found.length < max) {
    for (let rank = 0; rank < level.size && found.length < max; rank += 1) {
      const slot = level.find(rank)
      if (slot !== chosen) found.push(slot)
    }
    if (found.length < max) level = levelBelow(level.total, podClass, judgement)
  }
  return found
}
