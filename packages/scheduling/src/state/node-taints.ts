import {
  conditionOf,
  type Node,
  notReadyTaint,
  type Taint,
  type Toleration,
  tolerates,
  unreachableTaint,
} from '@reckon/kubernetes'

/**
 * The taints of a node. A node that is not ready has upstream's taint for that, whether or not a controller has written
 * it into the spec yet.
 */
export function taintsOf(node: Node): readonly Taint[] {
  const taints = node.spec?.taints ?? []
  const ready = conditionOf(node.status, 'Ready')
  if (ready?.status === 'True') return taints
  const key = ready?.status === 'Unknown' ? unreachableTaint : notReadyTaint
  return taints.some((taint) => taint.key === key)
    ? taints
    : [...taints, { key, effect: 'NoSchedule' }]
}

/** Whether pods that do not tolerate the taint are rejected; nodes with a soft taint are only avoided. */
export const isHard = (effect: string): boolean => effect !== 'PreferNoSchedule'

/** The first taint with such an effect that the pod does not tolerate. */
export const untoleratedTaint = (
  taints: readonly Taint[],
  tolerations: readonly Toleration[],
  counts: (effect: string) => boolean,
): Taint | undefined =>
  taints.find((taint) => counts(taint.effect) && !tolerates(tolerations, taint))
