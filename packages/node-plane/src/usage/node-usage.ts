import { countAt, type Fields, fieldsOf, jsonIn, listAt, textAt } from '@reckon/eventing/bus'
import type { Parse } from '../parse-node-message.ts'

/** Longer than any reading lasts; clients read a window as Go's duration, which has an end. */
export const usageWindowMsMax = 24 * 60 * 60 * 1000

/**
 * What something uses: billionths of a core, on average over the window; and memory that cannot be freed, as it is now.
 */
export type Usage = { cpuNanocores: number; memoryBytes: number }

/** What a container uses. */
export type ContainerUsage = Usage & { name: string }

/** What the running containers of a pod use; each has its own window, the pod has the shortest. */
export type PodUsage = { uid: string; windowMs: number; containers: readonly ContainerUsage[] }

/**
 * What a node and its pods use, as the node tells it every quarter of a minute. When, is by the clock of who hears it.
 * No window is longer than a day. The node's own is absent until it was read twice.
 */
export type NodeUsage = { node?: Usage & { windowMs: number }; pods: readonly PodUsage[] }

/** Throws SyntaxError at what it is not. */
export const parseNodeUsage: Parse<NodeUsage> = (data) => {
  const fields = fieldsOf(jsonIn(data))
  const pods = listAt(fields, 'pods').map(podUsageIn)
  if (fields.node === undefined) return { pods }
  const node = fieldsOf(fields.node, 'its node')
  return { node: { ...usageIn(node), windowMs: windowIn(node) }, pods }
}

function podUsageIn(value: unknown): PodUsage {
  const pod = fieldsOf(value, 'a pod')
  return {
    uid: textAt(pod, 'uid'),
    windowMs: windowIn(pod),
    containers: listAt(pod, 'containers').map((each) => {
      const container = fieldsOf(each, 'a container')
      return { name: textAt(container, 'name'), ...usageIn(container) }
    }),
  }
}

function windowIn(fields: Fields): number {
  const windowMs = countAt(fields, 'windowMs')
  if (windowMs <= usageWindowMsMax) return windowMs
  throw new SyntaxError('its window is longer than a day')
}

const usageIn = (fields: Fields): Usage => ({
  cpuNanocores: countAt(fields, 'cpuNanocores', 0),
  memoryBytes: countAt(fields, 'memoryBytes', 0),
})
