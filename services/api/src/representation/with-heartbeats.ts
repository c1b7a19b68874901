import { isOf, type KubernetesObject, type Node, nodes, secondsOf } from '@reckon/kubernetes'
import type { Heartbeats } from '../node-plane/heartbeats.ts'
import type { Representation } from './representation.ts'

/** The conditions that a kubelet posts; others are somebody else's, and so are their times. */
const ofKubelet = ['MemoryPressure', 'DiskPressure', 'PIDPressure', 'Ready']

/**
 * Nodes as they are now, with the time of their last heartbeat, which is no change of theirs: for an answer that tells the
 * present, and nothing else. What a watch, an exact version or the past tells must stay the same.
 */
export function withHeartbeats(
  representation: Representation,
  heartbeats: Heartbeats | undefined,
): Representation {
  if (heartbeats === undefined) return representation
  const live = (object: KubernetesObject) =>
    isOf(nodes, object) ? heard(object, heartbeats.lastMs(object.metadata.name)) : object
  return {
    ...representation,
    object: (object) => representation.object(live(object)),
    item: (object) => representation.item(live(object)),
  }
}

function heard(node: Node, lastMs: number | undefined): Node {
  const { conditions } = node.status ?? {}
  if (lastMs === undefined || conditions === undefined) return node
  const time = secondsOf(lastMs)
  return {
    ...node,
    status: {
      ...node.status,
      conditions: conditions.map((condition) =>
        ofKubelet.includes(condition.type) && time > (condition.lastHeartbeatTime ?? '')
          ? { ...condition, lastHeartbeatTime: time }
          : condition,
      ),
    },
  }
}
