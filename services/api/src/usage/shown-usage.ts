import {
  containersOf,
  type Node,
  type NodeMetrics,
  nodeMetrics,
  type ObjectMeta,
  type Pod,
  type PodMetrics,
  podMetrics,
  secondsOf,
} from '@reckon/kubernetes'
import type { ReadUsage, Usage } from '@reckon/node-plane'

const apiVersion = 'metrics.k8s.io/v1beta1'

/** A node's usage as clients see it; undefined until the node has reported. Pure. */
export function nodeMetricsOf(
  { metadata }: Node,
  read: ReadUsage | undefined,
): NodeMetrics | undefined {
  if (read?.node === undefined) return undefined
  const { windowMs } = read.node
  const told = shownMeta(metadata, read, windowMs)
  return { apiVersion, kind: nodeMetrics.kind, ...told, usage: quantitiesOf(read.node) }
}

/**
 * A pod's usage as its own node reports it; undefined where the node has not reported this very pod. Lists each
 * container of the pod's spec once, whatever the node reports. Pure.
 */
export function podMetricsOf(
  { metadata, spec }: Pod,
  read: ReadUsage | undefined,
): PodMetrics | undefined {
  const pod = read?.pods.get(metadata.uid ?? '')
  if (read === undefined || pod === undefined) return undefined
  const meta = shownMeta(metadata, read, pod.windowMs)
  const told = new Map(pod.containers.map((each) => [each.name, each]))
  const containers = containersOf(spec).flatMap(({ name }) => {
    const used = told.get(name)
    return used ? [{ name, usage: quantitiesOf(used) }] : []
  })
  return { apiVersion, kind: podMetrics.kind, ...meta, containers }
}

/** Metadata as metrics-server has it: the object's name and labels; created when it was read. */
function shownMeta(
  { name, namespace, labels }: ObjectMeta,
  { heardAtMs }: ReadUsage,
  windowMs: number,
) {
  const timestamp = secondsOf(heardAtMs)
  const own = { ...(namespace && { namespace }), ...(labels && { labels }) }
  const metadata = { name, ...own, creationTimestamp: timestamp }
  return { metadata, timestamp, window: `${windowMs / 1000}s` }
}

const quantitiesOf = ({ cpuNanocores, memoryBytes }: Usage) => ({
  cpu: `${cpuNanocores}n`,
  memory: `${Math.ceil(memoryBytes / 1024)}Ki`,
})
