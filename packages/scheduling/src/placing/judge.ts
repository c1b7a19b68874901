import type { Candidate } from './candidate.ts'
import type { Group } from './group.ts'
import { type ScoredGroups, summed, weighted } from './node-scores.ts'
import type { PodClass } from './pod-class.ts'
import type { Rejection, Rejections } from './rejections.ts'

type RejectedGroup = { readonly candidate: Candidate; readonly rejection: Rejection }
/** The verdicts on the groups of one class by the plugins that judge groups, not single nodes. */
export type Judgement = ScoredGroups & {
  readonly suiting: readonly Candidate[]
  readonly rejected: readonly RejectedGroup[]
}

/** Judges the groups of a class that is up to date. */
export function judge(podClass: PodClass, rejections: Rejections): Judgement {
  const suiting: Candidate[] = []
  const rejected: RejectedGroup[] = []
  for (const candidate of podClass.candidates()) {
    const rejection = topologyRejection(candidate, podClass, rejections)
    if (rejection === undefined) suiting.push(candidate)
    else rejected.push({ candidate, rejection })
  }
  return { suiting, rejected, ...scored(suiting, podClass) }
}

/** Why the pods on these and other nodes reject a pod of this class; undefined if they do not. */
export function topologyRejection(
  candidate: Group,
  { rules }: PodClass,
  rejections: Rejections,
): Rejection | undefined {
  for (const { plugin, rule } of rules) {
    const reason = rule.filter?.(candidate)
    if (reason !== undefined) return rejections.of(plugin, reason)
  }
  return undefined
}

function scored(suiting: readonly Candidate[], { ranking, scorers }: PodClass): ScoredGroups {
  if (suiting.length === 0) return nothing
  const ofNodes = ranking.groups.judge.scores.of(suiting)
  if (scorers.length === 0) return ofNodes
  const ofTopology = scorers.map(({ plugin, weight, score }) =>
    weighted(plugin, weight, score(suiting)),
  )
  return summed([...ofNodes.scores, ...ofTopology], suiting.length)
}

const nothing: ScoredGroups = { scores: [], totals: [] }
