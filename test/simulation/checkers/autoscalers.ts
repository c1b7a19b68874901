import { changedIn, type ScalingDecision } from '@reckon/domain'
import {
  deployments,
  type HorizontalPodAutoscaler,
  horizontalPodAutoscalers,
  isOf,
} from '@reckon/kubernetes'
import { Violation } from '../violation.ts'
import type { Checker } from './checker.ts'

const rule = 'an autoscaler scales as it has decided, within its bounds and rates'
const scaler = 'system:controller:horizontal-pod-autoscaler'

/** Each decision is recorded with its inputs before the target is scaled, and stays within the limits of one step. */
export function autoscalers(): Checker {
  /** Every decision so far, by target. */
  const decided = new Map<string, Set<number>>()
  /** By an autoscaler's uid, the bounds it ever had: a decision may follow the bounds of a moment ago. */
  const bounds = new Map<string, { min: number; max: number }>()
  /**
   * By an autoscaler's uid, how many it ever removed: adding back what it removed recently does not count against its
   * rate.
   */
  const removed = new Map<string, number>()
  const keyOf = (namespace: string | undefined, name: string) => `${namespace}/${name}`

  function boundsOf({ metadata: { uid = '' }, spec }: HorizontalPodAutoscaler) {
    const { minReplicas = 1, maxReplicas } = spec
    const { min, max } = bounds.get(uid) ?? { min: minReplicas, max: maxReplicas }
    const widest = { min: Math.max(min, minReplicas), max: Math.max(max, maxReplicas) }
    bounds.set(uid, widest)
    return widest
  }

  function decide(autoscaler: HorizontalPodAutoscaler, { from, to }: ScalingDecision): void {
    const { metadata, spec } = autoscaler
    const { uid = '' } = metadata
    const { min, max } = boundsOf(autoscaler)
    const [policy] = spec.behavior?.scaleUp?.policies ?? []
    const taken = removed.get(uid) ?? 0
    const most = Math.max(min, from + taken + (policy?.value ?? 0))
    if (to < 1 || to > max || to > most)
      throw new Violation(rule, `${metadata.name} from ${from} to ${to}`)
    removed.set(uid, taken + Math.max(0, from - to))
    const key = keyOf(metadata.namespace, spec.scaleTargetRef.name)
    decided.set(key, (decided.get(key) ?? new Set()).add(to))
  }

  return {
    onRecorded({ event, change }) {
      const object = change?.stored.object
      if (object === undefined) return
      if (isOf(horizontalPodAutoscalers, object)) {
        boundsOf(object)
        const { scaling } = change?.type === 'MODIFIED' ? changedIn(event) : {}
        if (scaling) decide(object, scaling)
      }
      const before = change?.before?.object
      if (!isOf(deployments, object) || !before || !isOf(deployments, before)) return
      const { replicas = 1 } = object.spec
      const isScaled = before.spec.replicas !== replicas
      if (!isScaled || event.metadata?.actor.user !== scaler) return
      const { namespace, name } = object.metadata
      if (decided.get(keyOf(namespace, name))?.has(replicas)) return
      throw new Violation(rule, `${name} becomes ${replicas}`)
    },
    onRestore() {
      decided.clear()
      bounds.clear()
      removed.clear()
    },
  }
}
