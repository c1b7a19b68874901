import { countAt, type Fields, fieldsOf, jsonIn, listAt, textAt } from '@reckon/eventing/bus'
import type { Parse } from '../parse-node-message.ts'

/** Longer than any measurement lasts; clients parse a window as Go's Duration, which is bounded. */
export const usageWindowMsMax = 24 * 60 * 60 * 1000

/**
 * Resource usage: CPU in billionths of a core, on average over the window; and memory that cannot be freed, at present.
 */
export type Usage = { cpuNanocores: number; memoryBytes: number }

/** The usage of a container. */
export type ContainerUsage = Usage & { name: string }

/** The usage of a pod's running containers; each has its own window, the pod the shortest one. */
export type PodUsage = { uid: string; windowMs: number; containers: readonly ContainerUsage[] }

/**
 * The usage of a node and its pods, as the node reports it every 15 s. The receiver adds the time. No window is longer
 * than a day. The node's own usage is absent until it was measured twice.
 */
export type NodeUsage = { node?: Usage & { windowMs: number }; pods: readonly PodUsage[] }

/** Throws SyntaxError where the data is malformed. */
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
