import type { ClusterState } from '../state/cluster-state.ts'
import type { Judged } from './supposed-cluster.ts'
import { type Utilisation, utilisationOf } from './utilisation.ts'

/** The outcome for a pod: its real node, and its node under the assumptions. */
export type PodOutcome = {
  /** `default/web-1`. */
  readonly pod: string
  readonly before?: string
  readonly after?: string
  /** Why no node fits. */
  readonly message?: string
}

export type WhatIfReport = {
  /** How many pods were scheduled again. */
  readonly decided: number
  /** How many of these were placed on the same node as in reality. */
  readonly same: number
  readonly elsewhere: readonly PodOutcome[]
  /** Not placed in reality, but placed under the assumptions. */
  readonly schedulable: readonly PodOutcome[]
  /** Placed in reality, but not under the assumptions. */
  readonly unschedulable: readonly PodOutcome[]
  /** Not placed in either case. */
  readonly waiting: readonly PodOutcome[]
  /** Pods that exist only by assumption. */
  readonly added: readonly PodOutcome[]
  /** Pods that would not exist. */
  readonly removed: readonly string[]
  /** Assumptions that have no effect, and why. */
  readonly notes: readonly string[]
  readonly utilisation: { readonly before: Utilisation; readonly after: Utilisation }
  readonly nodes: Readonly<Record<string, { before?: Utilisation; after?: Utilisation }>>
}

type Ends = {
  judged: Iterable<Judged>
  before: ClusterState
  after: ClusterState
  removed: readonly string[]
  notes: readonly string[]
}

export function reportOf({ judged, before, after, removed, notes }: Ends): WhatIfReport {
  const all = [...judged]
  const real = all.filter(({ isSupposed }) => !isSupposed)
  const those = (test: (each: Judged) => boolean) => real.filter(test).map(outcomeOf)
  const [was, is] = [utilisationOf(before), utilisationOf(after)]
  const names = [...new Set([...Object.keys(was.nodes), ...Object.keys(is.nodes)])].sort()
  return {
    decided: all.length,
    same: those(({ recorded, supposed }) => !!supposed && recorded === supposed).length,
    elsewhere: those(
      (each) => !!each.recorded && !!each.supposed && each.recorded !== each.supposed,
    ),
    schedulable: those(({ recorded, supposed }) => !recorded && !!supposed),
    unschedulable: those(({ recorded, supposed }) => !!recorded && !supposed),
    waiting: those(({ recorded, supposed }) => !recorded && !supposed),
    added: all.filter(({ isSupposed }) => isSupposed).map(outcomeOf),
    removed,
    notes,
    utilisation: { before: was.all, after: is.all },
    nodes: Object.fromEntries(
      names.map((name) => {
        const [one, other] = [was.nodes[name], is.nodes[name]]
        return [name, { ...(one && { before: one }), ...(other && { after: other }) }]
      }),
    ),
  }
}

function outcomeOf({ pod: { metadata }, recorded, supposed, message }: Judged): PodOutcome {
  return {
    pod: `${metadata.namespace}/${metadata.name}`,
    ...(recorded && { before: recorded }),
    ...(supposed && { after: supposed }),
    ...(message && { message }),
  }
}
