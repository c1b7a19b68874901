import type { HorizontalPodAutoscaler } from '@reckon/kubernetes'
import type { PastScaling } from './past-scaling.ts'

type Behavior = NonNullable<HorizontalPodAutoscaler['spec']['behavior']>
type Rules = NonNullable<Behavior['scaleUp']>

/** The permitted number of replicas, and which rule limited it. */
export type Ruled = { readonly replicas: number; readonly reason: string; readonly message: string }

/** The input of the rules. */
export type Situation = {
  readonly current: number
  readonly min: number
  readonly max: number
  readonly past: PastScaling
  readonly nowMs: number
}

/** The default window for scaling down: fewer replicas must have been recommended for this long. */
const downWindowSeconds = 300

/**
 * The recommendation after stabilization over a window; undefined if it is unchanged. Upstream's
 * stabilizeRecommendationWithBehaviors.
 */
export function stabilized(
  wanted: number,
  behavior: Behavior | undefined,
  { current, past, nowMs }: Situation,
): Ruled | undefined {
  const windowOf = (rules: Rules | undefined, seconds: number) =>
    past.recommendedWithin(rules?.stabilizationWindowSeconds ?? seconds, nowMs)
  const least = Math.min(wanted, ...windowOf(behavior?.scaleUp, 0))
  const most = Math.max(wanted, ...windowOf(behavior?.scaleDown, downWindowSeconds))
  const replicas = Math.min(Math.max(current, least), most)
  if (replicas === wanted) return undefined
  return wanted >= current
    ? {
        replicas,
        reason: 'ScaleUpStabilized',
        message:
          'recent recommendations were lower than current one, applying the lowest recent recommendation',
      }
    : {
        replicas,
        reason: 'ScaleDownStabilized',
        message:
          'recent recommendations were higher than current one, applying the highest recent recommendation',
      }
}

/** The replicas within bounds and rates: upstream's convertDesiredReplicasWithBehaviorRate. */
export function limited(
  wanted: number,
  behavior: Behavior | undefined,
  situation: Situation,
): Ruled {
  const { current, min, max } = situation
  if (wanted > current) {
    const limit = Math.max(current, upLimit(behavior?.scaleUp, situation))
    if (wanted > Math.min(limit, max)) return max > limit ? tooFastUp(limit) : tooMany(max)
  }
  if (wanted < current) {
    const limit = Math.min(current, downLimit(behavior?.scaleDown, situation))
    if (wanted < Math.max(limit, min)) return min < limit ? tooFastDown(limit) : tooFew(min)
  }
  return { replicas: wanted, reason: 'DesiredWithinRange', message: withinRange }
}

const withinRange = 'the desired count is within the acceptable range'

const tooMany = (replicas: number): Ruled => ({
  replicas,
  reason: 'TooManyReplicas',
  message: 'the desired replica count is more than the maximum replica count',
})
const tooFew = (replicas: number): Ruled => ({
  replicas,
  reason: 'TooFewReplicas',
  message: 'the desired replica count is less than the minimum replica count',
})
const tooFastUp = (replicas: number): Ruled => ({
  replicas,
  reason: 'ScaleUpLimit',
  message: 'the desired replica count is increasing faster than the maximum scale rate',
})
const tooFastDown = (replicas: number): Ruled => ({
  replicas,
  reason: 'ScaleDownLimit',
  message: 'the desired replica count is decreasing faster than the maximum scale rate',
})

/** The default: double, or add four. */
function upLimit(rules: Rules | undefined, { current, past, nowMs }: Situation): number {
  if (rules?.policies === undefined) return Math.max(2 * current, 4)
  if (rules.selectPolicy === 'Disabled') return current
  const proposals = rules.policies.map(({ type, value, periodSeconds }) => {
    const { added, removed } = past.changeWithin(periodSeconds, nowMs)
    const began = current - added + removed
    return type === 'Pods' ? began + value : Math.ceil(began * (1 + value / 100))
  })
  return rules.selectPolicy === 'Min' ? Math.min(...proposals) : Math.max(...proposals)
}

/** The policy that changes least leaves the most replicas. */
function downLimit(rules: Rules | undefined, { current, past, nowMs }: Situation): number {
  if (rules?.policies === undefined) return 0
  if (rules.selectPolicy === 'Disabled') return current
  const proposals = rules.policies.map(({ type, value, periodSeconds }) => {
    const { added, removed } = past.changeWithin(periodSeconds, nowMs)
    const began = current + removed - added
    return type === 'Pods' ? began - value : Math.floor(began * (1 - value / 100))
  })
  return rules.selectPolicy === 'Min' ? Math.max(...proposals) : Math.min(...proposals)
}
