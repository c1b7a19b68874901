import type { Taint, Toleration } from '../object.ts'

/** The taints by which upstream's controllers express a node's conditions. */
export const notReadyTaint = 'node.kubernetes.io/not-ready'
export const unreachableTaint = 'node.kubernetes.io/unreachable'
export const unschedulableTaint = 'node.kubernetes.io/unschedulable'

/** The first toleration that lets a pod live with the taint; undefined where none does. */
export const tolerationOf = (
  tolerations: readonly Toleration[] | undefined,
  taint: Taint,
): Toleration | undefined =>
  tolerations?.find(({ key, operator, value, effect }) => {
    if (effect && effect !== taint.effect) return false
    if (key && key !== taint.key) return false
    if (operator === 'Exists') return true
    return Boolean(key) && (value ?? '') === (taint.value ?? '')
  })

/** Whether one of the tolerations lets a pod live with the taint. */
export const tolerates = (tolerations: readonly Toleration[] | undefined, taint: Taint): boolean =>
  tolerationOf(tolerations, taint) !== undefined

/** Two taints of a node differ by key and effect; upstream's `MatchTaint`. */
export const isSameTaint = (a: Taint, b: Taint): boolean => a.key === b.key && a.effect === b.effect

/** Whether a taint evicts running pods that do not tolerate it. */
export const isEvicting = ({ effect }: Taint): boolean => effect === 'NoExecute'
