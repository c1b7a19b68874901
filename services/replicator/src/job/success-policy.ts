import { indexRanges, type Job } from '@reckon/kubernetes'

type Spec = Job['spec']
type Rule = NonNullable<Spec['successPolicy']>['rules'][number]

/**
 * The index of the rule of the Job's success policy that its succeeded indexes satisfy; undefined if none does. Pure.
 */
export function metSuccessRule(spec: Spec, succeeded: ReadonlySet<number>): number | undefined {
  const { rules = [] } = spec.successPolicy ?? {}
  const at = rules.findIndex((rule) => isMet(rule, succeeded, spec.completions ?? 0))
  return at < 0 ? undefined : at
}

function isMet(rule: Rule, succeeded: ReadonlySet<number>, completions: number): boolean {
  const { succeededIndexes: text } = rule
  const parsed =
    text === undefined
      ? { ranges: [[0, completions - 1] as const] }
      : indexRanges(text, completions)
  if ('problem' in parsed) return false
  let [done, all] = [0, 0]
  for (const [from, to] of parsed.ranges) {
    for (let index = from; index <= to; index++) {
      all++
      if (succeeded.has(index)) done++
    }
  }
  return done >= (rule.succeededCount ?? all)
}
