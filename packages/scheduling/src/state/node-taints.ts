import { conditionOf, type Node, type Taint, type Toleration } from '@reckon/kubernetes'

/**
 * The taints of a node. Where its Ready condition says that it is not, it has upstream's taint for that, whether
 * a controller has written it into the spec yet or not.
 */
export function taintsOf(node: Node): readonly Taint[] {
  const taints = node.spec?.taints ?? []
  const ready = conditionOf(node.status, 'Ready')
  if (ready?.status === 'True') return taints
  const key =
    ready?.status === 'Unknown' ? 'node.kubernetes.io/unreachable' : 'node.kubernetes.io/not-ready'
  return taints.some((taint) => taint.key === key)
    ? taints
    : [...taints, { key, effect: 'NoSchedule' }]
}

/** Whether one of the tolerations lets a pod live with the taint. */
export function tolerates(tolerations: readonly Toleration[] | undefined, taint: Taint): boolean {
  return (tolerations ?? []).some(({ key, operator, value, effect }) => {
    if (effect && effect !== taint.effect) return false
    if (key && key !== taint.key) return false
    if (operator === 'Exists') return true
    return Boolean(key) && (value ?? '') === (taint.value ?? '')
  })
}

/** The first taint with such an effect that the pod cannot live with. */
export const untoleratedTaint = (
  taints: readonly Taint[],
  tolerations: readonly Toleration[],
  counts: (effect: string) => boolean,
): Taint | undefined =>
  taints.find((taint) => counts(taint.effect) && !tolerates(tolerations, taint))
