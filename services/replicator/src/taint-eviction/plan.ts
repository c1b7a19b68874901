import { isEvicting, type Pod, type Taint, tolerationOf } from '@reckon/kubernetes'

/** What drives a pod away from its node: the taint, and when. */
export type Eviction = { taint: Taint; atSeconds: number }

/**
 * When a pod has to leave its node, and for which taint: at once where it does not tolerate one, else as soon as the
 * shortest of its times has passed; undefined where it may stay. Moments are seconds of the term; `sinceSeconds` tells
 * since when a taint is there. Upstream's taint_eviction.go. Pure.
 */
export function evictionOf(
  { spec }: Pod,
  taints: readonly Taint[],
  sinceSeconds: (taint: Taint) => number,
): Eviction | undefined {
  const evictions = taints.filter(isEvicting).flatMap((taint): Eviction[] => {
    const toleration = tolerationOf(spec.tolerations, taint)
    if (toleration && toleration.tolerationSeconds === undefined) return []
    const tolerated = Math.max(0, toleration?.tolerationSeconds ?? 0)
    // The second that has begun does not count.
    const waits = tolerated > 0 ? tolerated + 1 : 0
    return [{ taint, atSeconds: sinceSeconds(taint) + waits }]
  })
  return evictions.toSorted((a, b) => a.atSeconds - b.atSeconds)[0]
}
