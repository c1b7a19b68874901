import type { KubernetesObject } from '../../object.ts'
import type { Resource } from '../../resource.ts'
import type { Schema } from '../../schemas/schema.ts'
import { unstored } from '../unstored-kind.ts'

type ResourceUsage = { cpu: string; memory: string }

/** When usage was measured, and over which time its CPU is averaged (a Go duration). */
type Read = { timestamp: string; window: string }

/** What a node uses. */
export type NodeMetrics = KubernetesObject & Read & { usage: ResourceUsage }

/** What the containers of a pod use. */
export type PodMetrics = KubernetesObject &
  Read & { containers: readonly { name: string; usage: ResourceUsage }[] }

const usage: Schema = {
  type: 'object',
  properties: { cpu: { type: 'string' }, memory: { type: 'string' } },
}
const read = { timestamp: { type: 'string' }, window: { type: 'string' } } as const
const container: Schema = { type: 'object', properties: { name: { type: 'string' }, usage } }

/** A kind for usage that nodes report: clients can read it, and it is never stored. */
function usageKind(
  kind: string,
  names: { plural: string; namespaced: boolean },
  properties: Record<string, Schema>,
): Resource {
  return {
    group: 'metrics.k8s.io',
    version: 'v1beta1',
    servedVersions: [{ group: 'metrics.k8s.io', version: 'v1beta1' }],
    ...names,
    singular: '',
    kind,
    listKind: `${kind}List`,
    isUsage: true,
    ...unstored,
    schemas: {
      'metrics.k8s.io/v1beta1': { type: 'object', properties: { ...read, ...properties } },
    },
  }
}

/** NodeMetrics: what `kubectl top node` reads. */
export const nodeMetrics: Resource<NodeMetrics> = usageKind(
  'NodeMetrics',
  { plural: 'nodes', namespaced: false },
  { usage },
)

/** PodMetrics: what `kubectl top pod` reads. */
export const podMetrics: Resource<PodMetrics> = usageKind(
  'PodMetrics',
  { plural: 'pods', namespaced: true },
  { containers: { type: 'array', items: container } },
)
