import { isOf, type KubernetesObject, type Node, nodes, secondsOf } from '@reckon/kubernetes'
import type { Heartbeats } from '../node-plane/heartbeats.ts'
import type { Representation } from './representation.ts'

/** The conditions that a kubelet reports; the times of others belong to whoever wrote them. */
const ofKubelet = ['MemoryPressure', 'DiskPressure', 'PIDPressure', 'Ready']

/**
 * Shows Nodes with the time of their last heartbeat, which is not recorded. Only for answers about the present: what a
 * watch, an exact version or the past shows must not depend on it.
 */
export function withHeartbeats(
  representation: Representation,
  heartbeats: Pick<Heartbeats, 'lastMs'> | undefined,
): Representation {
  const { momentary } = representation
  if (heartbeats === undefined || momentary === undefined) return representation
  const shown = (how: 'object' | 'item') => (object: KubernetesObject) => {
    if (!isOf(nodes, object) || !object.status?.conditions) return representation[how](object)
    const lastMs = heartbeats.lastMs(object.metadata.name)
    if (lastMs === undefined) return representation[how](object)
    return momentary[how](heardAt(object, secondsOf(lastMs)))
  }
  return { ...representation, object: shown('object'), item: shown('item') }
}

/** The last result for each node: within one second it is the same for all clients. */
const heard = new WeakMap<Node, { time: string; node: Node }>()

function heardAt(node: Node, time: string): Node {
  const known = heard.get(node)
  if (known?.time === time) return known.node
  const made = withTime(node, time)
  heard.set(node, { time, node: made })
  return made
}

const withTime = (node: Node, time: string): Node => ({
  ...node,
  status: {
    ...node.status,
    conditions: (node.status?.conditions ?? []).map((condition) =>
      ofKubelet.includes(condition.type) && time > (condition.lastHeartbeatTime ?? '')
        ? { ...condition, lastHeartbeatTime: time }
        : condition,
    ),
  },
})
