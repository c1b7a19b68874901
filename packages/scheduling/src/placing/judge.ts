import type { Candidate } from './candidate.ts'
import type { Group } from './group.ts'
import type { PodClass } from './pod-class.ts'
import type { Rejection, Rejections } from './rejections.ts'

type RejectedGroup = { readonly candidate: Candidate; readonly rejection: Rejection }
/** What a plugin gives each of the groups that suit, times its weight. */
type GroupScores = { readonly plugin: string; readonly values: readonly number[] }

/** What the plugins that do not look at single nodes say about the groups of one class. */
export type Judgement = {
  readonly suiting: readonly Candidate[]
  readonly rejected: readonly RejectedGroup[]
  readonly scores: readonly GroupScores[]
  /** The sum of these scores, for each of the groups that suit. */
  readonly totals: readonly number[]
}

/** Judges the groups as things are now; `podClass` is up to date. */
export function judge(podClass: PodClass, rejections: Rejections): Judgement {
  const suiting: Candidate[] = []
  const rejected: RejectedGroup[] = []
  for (const candidate of podClass.candidates()) {
    const rejection = topologyRejection(candidate, podClass, rejections)
    if (rejection === undefined) suiting.push(candidate)
    else rejected.push({ candidate, rejection })
  }
  const scores = suiting.length === 0 ? [] : scoresOf(suiting, podClass)
  const totals = suiting.map((_, index) =>
    scores.reduce((sum, { values }) => sum + (values[index] ?? 0), 0),
  )
  return { suiting, rejected, scores, totals }
}

/** Why the pods around keep the pods of a class off these nodes. */
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

function scoresOf(suiting: readonly Candidate[], { ranking, rules }: PodClass): GroupScores[] {
  const ofNodes = ranking.groups.judge.scorers.map(({ plugin, weight, rule }, index) => {
    const raw = suiting.map(({ scores }) => scores[index] ?? 0)
    return weighted(plugin, weight, rule.normalize?.(raw) ?? raw)
  })
  const ofTopology = rules.flatMap(({ plugin, weight, rule }) =>
    rule.score && weight > 0 ? [weighted(plugin, weight, rule.score(suiting))] : [],
  )
  return [...ofNodes, ...ofTopology]
}

const weighted = (plugin: string, weight: number, values: readonly number[]): GroupScores => ({
  plugin,
  values: values.map((value) => value * weight),
})
