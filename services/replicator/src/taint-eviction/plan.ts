import { isEvicting, type Pod, type Taint, tolerationOf } from '@reckon/kubernetes'

/** The eviction of a pod: because of which taint, and when. */
export type Eviction = { taint: Taint; atSeconds: number }

/**
 * When a pod must leave its node, and because of which taint: at once if it does not tolerate one, else when the
 * shortest of its toleration times has passed; undefined if it may stay. Moments are seconds of the term;
 * `sinceSeconds` says since when a taint applies. Upstream's taint_eviction.go. Pure.
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
    // The second that has just begun does not count.
    const waits = tolerated > 0 ? tolerated + 1 : 0
    return [{ taint, atSeconds: sinceSeconds(taint) + waits }]
  })
  return evictions.toSorted((a, b) => a.atSeconds - b.atSeconds)[0]
}
