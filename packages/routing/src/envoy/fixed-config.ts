import { limits } from './bootstrap.ts'
import type { Edge } from './edge.ts'
import type { EnvoyObject } from './envoy-object.ts'
import { fixedHttpsListener, httpListener } from './listener.ts'

export type FixedConfigOptions = {
  node: string
  httpPort: number
  /** Absent: nothing is said of TLS, and no key is in it. */
  tlsPort?: number
}

/**
 * All that Envoy was told, as one file by which an Envoy runs alone: with the routes, endpoints and
 * certificates of this moment.
 */
export function fixedConfig(edge: Edge, { node, httpPort, tlsPort }: FixedConfigOptions): object {
  const scopes = [...edge.scopes.values()].map(withoutType)
  const pairs = new Map([...edge.certificates].map(([host, made]) => [host, made.tls_certificate]))
  const listeners = [
    httpListener({ port: httpPort, scopes }),
    ...(tlsPort === undefined || pairs.size === 0
      ? []
      : [fixedHttpsListener({ port: tlsPort, scopes }, pairs)]),
  ]
  const clusters = [...edge.clusters].map(([name, cluster]) =>
    withEndpoints(cluster, edge.endpoints.get(name)),
  )
  return {
    node: { id: node, cluster: 'reckon' },
    static_resources: { listeners: listeners.map(withoutType), clusters },
    ...limits,
  }
}

function withEndpoints(cluster: EnvoyObject, endpoints: EnvoyObject | undefined): object {
  const { eds_cluster_config: _, ...rest } = withoutType(cluster)
  if (endpoints === undefined) return rest
  return { ...rest, type: 'STATIC', load_assignment: withoutType(endpoints) }
}

/** Where a field is of one type, this is not told. */
const withoutType = ({ '@type': _, ...fields }: EnvoyObject): Record<string, unknown> => fields
