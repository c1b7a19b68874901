import type { Job } from '@reckon/kubernetes'
import type { PodEnds } from '../ownership/pod-endings.ts'

/**
 * The indexes at which no pod is made any more: too many failed, or one failed in a way that the policy calls final.
 */
export function failedIndexes({ spec }: Job, ends: PodEnds): ReadonlySet<number> {
  const { backoffLimitPerIndex: limit, completions = 0 } = spec
  if (limit === undefined) return new Set()
  const failed = [...ends.failures].filter(
    ([index, { count, isFinal }]) =>
      index < completions && !ends.indexes.has(index) && (isFinal || count > limit),
  )
  return new Set(failed.map(([index]) => index))
}

/** The indexes at which a pod has succeeded, among those that the Job still wants. */
export const doneIndexes = ({ spec: { completions = 0 } }: Job, { indexes }: PodEnds): number[] =>
  [...indexes].filter((index) => index < completions)
