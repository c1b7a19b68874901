import type { Judgement } from './judge.ts'
import { absent, rejectionIn } from './node-cell.ts'
import type { PodClass } from './pod-class.ts'
import type { Rejection, Rejections } from './rejections.ts'

/** How one node came out: in which of the groups that suit and with which total, or what keeps the pod off it. */
export type Standing =
  | { readonly rejection: Rejection }
  | { readonly rejection: undefined; readonly suiting: number; readonly total: number }

/** The tables in which a standing is looked up. */
export type Judged = { podClass: PodClass; judgement: Judgement; rejections: Rejections }

/** Undefined where there is no such node. */
export function standingAt(
  slot: number,
  { podClass, judgement, rejections }: Judged,
): Standing | undefined {
  const { ranking, exceptions } = podClass
  const cell = ranking.cellAt(slot)
  if (cell < 0) {
    const rejection = cell === absent ? undefined : rejections.at(rejectionIn(cell))
    return rejection && { rejection }
  }
  const { scoreCount } = ranking.judge
  const exceptional = exceptions?.groupAt(slot)
  const group = Math.floor(cell / scoreCount)
  for (const { candidate, rejection } of judgement.rejected) {
    if (candidate.group === group && candidate.exceptional === exceptional) return { rejection }
  }
  let suiting = 0
  for (const candidate of judgement.suiting) {
    if (candidate.group === group && candidate.exceptional === exceptional) break
    suiting += 1
  }
  const absolute = cell - group * scoreCount
  return { rejection: undefined, suiting, total: absolute + (judgement.totals[suiting] ?? 0) }
}
