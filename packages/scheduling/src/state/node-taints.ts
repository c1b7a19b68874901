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
 * The taints of a node. Where its Ready condition says that it is not, it has upstream's taint for that, whether
 * a controller has written it into the spec yet or not.
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

/** Pods that do not tolerate the taint are kept off; a soft one is only avoided. */
export const isHard = (effect: string): boolean => effect !== 'PreferNoSchedule'

/** The first taint with such an effect that the pod cannot live with. */
export const untoleratedTaint = (
  taints: readonly Taint[],
  tolerations: readonly Toleration[],
  counts: (effect: string) => boolean,
): Taint | undefined =>
  taints.find((taint) => counts(taint.effect) && !tolerates(tolerations, taint))
