import {
  conditionOf,
  isDeepEqual,
  isSameTaint,
  type Node,
  notReadyTaint,
  type Taint,
  unreachableTaint,
  unschedulableTaint,
} from '@reckon/kubernetes'

/** The taint for each condition that keeps pods off a node. Upstream's TaintNodesByCondition. */
const taintsOfConditions = {
  DiskPressure: 'node.kubernetes.io/disk-pressure',
  MemoryPressure: 'node.kubernetes.io/memory-pressure',
  NetworkUnavailable: 'node.kubernetes.io/network-unavailable',
  PIDPressure: 'node.kubernetes.io/pid-pressure',
}
const ownKeys: ReadonlySet<string> = new Set([
  ...Object.values(taintsOfConditions),
  notReadyTaint,
  unreachableTaint,
  unschedulableTaint,
])

/**
 * The taints that a node should have: those of its conditions, and all others it has. When most nodes fell silent
 * together, no evicting taint is set. Pure; returns the same array where nothing changes.
 */
export function wantedTaints(
  node: Node,
  { isMassSilence, now }: { isMassSilence: boolean; now: string },
): readonly Taint[] {
  const before = node.spec.taints ?? []
  const own = ownTaints(node, isMassSilence)
  const kept = before.filter(
    (taint) => !ownKeys.has(taint.key) || own.some((each) => isSameTaint(each, taint)),
  )
  const added = own.filter((taint) => !before.some((each) => isSameTaint(each, taint)))
  const wanted = [...kept, ...added.map((taint) => ({ ...taint, timeAdded: now }))]
  return isDeepEqual(wanted, before) ? before : wanted
}

function ownTaints({ spec, status }: Node, isMassSilence: boolean): Taint[] {
  const keys = Object.entries(taintsOfConditions).flatMap(([type, key]) =>
    conditionOf(status, type)?.status === 'True' ? [key] : [],
  )
  if (spec.unschedulable) keys.push(unschedulableTaint)
  const ready = conditionOf(status, 'Ready')?.status ?? 'False'
  const isUnreachable = ready === 'Unknown'
  if (ready !== 'True') keys.push(isUnreachable ? unreachableTaint : notReadyTaint)
  const taints = keys.map((key) => ({ key, effect: 'NoSchedule' }))
  if (ready === 'True' || (isUnreachable && isMassSilence)) return taints
  return [...taints, { key: isUnreachable ? unreachableTaint : notReadyTaint, effect: 'NoExecute' }]
}
