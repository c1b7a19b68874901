import { cidrProblem, conditionOf, type Node } from '@reckon/kubernetes'
import type { Reservable } from '../reservation.ts'
import type { KindRules, PrepareContext } from './kind-rules.ts'
import { canonicalRange, freeNodeRange } from './node-range.ts'
import { changedSpecFields, isOnlyChange } from './spec-changes.ts'

/**
 * A Node has a range of pod addresses for as long as it exists, unless none is left. Its changes are named by what
 * operators do and see: cordon, taint, ready.
 */
export const nodeRules: KindRules<Node> = {
  changes: [
    { type: 'NodeRegistered' },
    {
      type: 'NodeCordoned',
      is: (before, after) =>
        after.spec.unschedulable === true && isOnlyChange('unschedulable')(before, after),
    },
    { type: 'NodeUncordoned', is: isOnlyChange('unschedulable') },
    { type: 'NodeTaintsChanged', is: isOnlyChange('taints') },
    { type: 'NodeBecameReady', is: (before, after) => becomes(before, after) === 'Ready' },
    {
      type: 'NodeBecameUnreachable',
      is: (before, after) => becomes(before, after) === 'Unreachable',
    },
    { type: 'NodeBecameUnready', is: (before, after) => becomes(before, after) === 'Unready' },
  ],
  bringsStatus: true,
  prepareCreate: withRange,
  prepareUpdate: (after, before, context) =>
    before.spec.podCIDR ? after : withRange(after, context),
  reservables: (node) =>
    rangesOf(node)
      .filter((range) => cidrProblem(range) === '')
      .map((range): Reservable => {
        const value = canonicalRange(range)
        return { pool: 'podcidrs', value, field: 'spec.podCIDR', outlives: true }
      }),
}

/** Whether the Node's readiness changes, and nothing of its spec. */
function becomes(before: Node, after: Node): ReturnType<typeof readinessOf> {
  const [was, is] = [readinessOf(before), readinessOf(after)]
  return was === is || changedSpecFields(before, after).length > 0 ? undefined : is
}

function readinessOf({ status }: Node): 'Ready' | 'Unready' | 'Unreachable' | undefined {
  const ready = conditionOf(status, 'Ready')
  if (ready === undefined || ready.status === 'True') return ready && 'Ready'
  return ready.status === 'Unknown' ? 'Unreachable' : 'Unready'
}

function withRange(node: Node, context: PrepareContext): Node {
  const [podCIDR = freeNodeRange(node.metadata.name, context)] = rangesOf(node)
  return podCIDR ? { ...node, spec: { ...node.spec, podCIDR, podCIDRs: [podCIDR] } } : node
}

/** A Node has one range here; a client may set it in either field. */
const rangesOf = ({ spec }: Node): string[] => {
  const range = spec.podCIDR || spec.podCIDRs?.[0]
  return range ? [range] : []
}
