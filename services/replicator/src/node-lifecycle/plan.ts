import {
  conditionOf,
  isEvicting,
  isReady,
  type Node,
  type Pod,
  type Taint,
} from '@reckon/kubernetes'
import { wantedTaints } from './taints.ts'

/** What is done next about one node. */
export type Step =
  /** Nobody knows how it is: its agent is silent. */
  | { type: 'MarkUnreachable' }
  | { type: 'SetTaints'; taints: readonly Taint[] }
  /** Nobody knows whether the pod serves. */
  | { type: 'MarkUnready'; pod: Pod }

type Observed = {
  pods: readonly Pod[]
  /** Whether its agent has said nothing for the whole grace time, though the wire was there. */
  isSilent: boolean
  /** Whether most nodes are silent: then something else is amiss, and no pods are driven away. */
  isMassSilence: boolean
  now: string
}

/** What to do next about a node whose agent is silent, or whose conditions its taints do not tell. Pure. */
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

/** Whether it is recorded of the node that its agent is silent. */
export const isUnreachable = ({ status }: Node): boolean =>
  conditionOf(status, 'Ready')?.status === 'Unknown'
