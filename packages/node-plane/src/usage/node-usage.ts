import { countAt, type Fields, fieldsOf, jsonIn, listAt, textAt } from '@reckon/eventing/bus'
import type { Parse } from '../parse-node-message.ts'

/** What something uses: billionths of a core, on average over the window; and memory that cannot be freed, as it is now. */
export type Usage = { cpuNanocores: number; memoryBytes: number }

/** What a container uses. */
export type ContainerUsage = Usage & { name: string }

/** What the running containers of a pod use; each has its own window, the pod has the shortest. */
export type PodUsage = { uid: string; windowMs: number; containers: readonly ContainerUsage[] }

/**
 * What a node and its pods use, as the node tells it every quarter of a minute. When, is by the clock of who hears it. The
 * node's own is absent until it was read twice.
 */
export type NodeUsage = { node?: Usage & { windowMs: number }; pods: readonly PodUsage[] }

/** Throws SyntaxError at what it is not. */
export const parseNodeUsage: Parse<NodeUsage> = (data) => {
  const fields = fieldsOf(jsonIn(data))
  const pods = listAt(fields, 'pods').map(podUsageIn)
  if (fields.node === undefined) return { pods }
  const node = fieldsOf(fields.node, 'its node')
  return { node: { ...usageIn(node), windowMs: countAt(node, 'windowMs') }, pods }
}

function podUsageIn(value: unknown): PodUsage {
  const pod = fieldsOf(value, 'a pod')
  return {
    uid: textAt(pod, 'uid'),
    windowMs: countAt(pod, 'windowMs'),
    containers: listAt(pod, 'containers').map((each) => {
      const container = fieldsOf(each, 'a container')
      return { name: textAt(container, 'name'), ...usageIn(container) }
    }),
  }
}

const usageIn = (fields: Fields): Usage => ({
  cpuNanocores: countAt(fields, 'cpuNanocores', 0),
  memoryBytes: countAt(fields, 'memoryBytes', 0),
})
