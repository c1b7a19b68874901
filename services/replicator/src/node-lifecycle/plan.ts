import {
  conditionOf,
  isEvicting,
  isReady,
  type Node,
  type Pod,
  type Taint,
} from '@reckon/kubernetes'
import { wantedTaints } from './taints.ts'

/** The next step for one node. */
export type Step =
  /** Its agent is silent: its state is unknown. */
  | { type: 'MarkUnreachable' }
  | { type: 'SetTaints'; taints: readonly Taint[] }
  /** Marks the pod as not ready, since nobody knows whether it serves. */
  | { type: 'MarkUnready'; pod: Pod }

type Observed = {
  pods: readonly Pod[]
  /** Whether its agent has been silent for the whole grace time while the wire worked. */
  isSilent: boolean
  /** Whether most nodes are silent: then the fault is elsewhere, and no pods are evicted. */
  isMassSilence: boolean
  now: string
}

/** The next steps for a node whose agent is silent, or whose taints do not match its conditions. Pure. */
export function plan(
  node: Node,
  { pods, isSilent, isMassSilence, now }: Observed,
): readonly Step[] {
  if (isSilent && !isUnreachable(node)) return [{ type: 'MarkUnreachable' }]
  const taints = wantedTaints(node, { isMassSilence, now })
  if (taints !== node.spec.taints && (taints.length > 0 || node.spec.taints)) {
    return [{ type: 'SetTaints', taints }]
  }
  if (!isUnreachable(node) || !taints.some(isEvicting)) return []
  return pods
    .filter(({ status }) => isReady(status))
    .map((pod): Step => ({ type: 'MarkUnready', pod }))
}

/** Whether the node is recorded as silent. */
export const isUnreachable = ({ status }: Node): boolean =>
  conditionOf(status, 'Ready')?.status === 'Unknown'
