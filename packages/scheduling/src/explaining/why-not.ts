import type { NodeVerdict } from '@reckon/domain'
import type { Pod } from '@reckon/kubernetes'
import { schedulerNameOf } from '@reckon/kubernetes'
import type { Policy } from '../framework.ts'
import { place } from '../placing/place.ts'
import { pluginsAt } from '../placing/plugins-at.ts'
import type { Policies } from '../policy/policies.ts'
import type { ClusterState } from '../state/cluster-state.ts'
import { occupiesNode } from '../state/node-of-pod.ts'
import type { Steps } from '../steps.ts'

/** The verdict of one plugin on a pod and a node, whatever the others say. */
type PluginVerdict = {
  readonly plugin: string
  readonly reason?: string
  readonly score?: number
}

/** Why a pod is not on a node, as things are now. */
export type WhyNot = {
  readonly node: string
  readonly isThere: boolean
  /** Every plugin's own verdict, regardless of the others. */
  readonly plugins: readonly PluginVerdict[]
  /** The node's score, where it fits. */
  readonly total?: number
  /** The node that is best now. */
  readonly best?: NodeVerdict
}

/**
 * Judges one node. `cluster` belongs to the caller alone: a placed pod is removed from it meanwhile, and added again at
 * the end. Undefined where there is no such node, or no policy places such pods.
 */
export function* whyNot(
  pod: Pod,
  node: string,
  { cluster, policies }: { cluster: ClusterState; policies: Policies },
): Steps<WhyNot | undefined> {
  const slot = cluster.slots.find(node)
  const policy = policies.get(schedulerNameOf(pod.spec))
  if (slot === undefined || cluster.nodeAt(slot) === undefined || !policy) return undefined
  cluster.removePod(pod.metadata.uid ?? '')
  try {
    return yield* judged(pod, { cluster, policy, node, slot })
  } finally {
    if (occupiesNode(pod)) cluster.addPod(pod, pod.spec.nodeName)
  }
}

type Asked = { cluster: ClusterState; policy: Policy; node: string; slot: number }

function* judged(pod: Pod, { cluster, policy, node, slot }: Asked): Steps<WhyNot> {
  const { nodeName, ...spec } = pod.spec
  const unplaced = { ...pod, spec }
  const filters = pluginsAt(policy, 'filter')
  const judging = policy.plugins.filter(({ plugin }) => plugin.judges !== 'unplaced')
  const plugins: PluginVerdict[] = []
  for (const weighted of judging) {
    const { name } = weighted.plugin
    const alone = { name, plugins: [weighted] }
    const verdict = place(unplaced, cluster, alone).verdictOf(slot)
    const reason = filters.includes(name) ? verdict?.rejectedBy?.reason : undefined
    const score = verdict?.scores?.[name]
    plugins.push({
      plugin: name,
      ...(reason !== undefined && { reason }),
      ...(score !== undefined && { score }),
    })
    yield
  }
  const placement = place(unplaced, cluster, policy)
  const { total, scores } = placement.verdictOf(slot) ?? {}
  const [best] = placement.best(1)
  return {
    node,
    isThere: nodeName === node,
    plugins: plugins.map((each) => {
      const score = scores?.[each.plugin]
      return score === undefined ? each : { ...each, score }
    }),
    ...(total !== undefined && { total }),
    ...(best && { best }),
  }
}
