import type { SocketAddress } from '../services/routed-port.ts'
import { type EnvoyObject, typeUrl } from './envoy-object.ts'

/**
 * The endpoints of a cluster. An empty list is valid: requests then get 503. Cached by list, so that equal results are
 * identical objects; without a list nothing is cached.
 */
export function clusterLoadAssignment(
  cluster: string,
  endpoints: readonly SocketAddress[] | undefined,
): EnvoyObject {
  if (endpoints === undefined) return assignment(cluster, [])
  const ofEndpoints = made.get(endpoints) ?? new Map<string, EnvoyObject>()
  made.set(endpoints, ofEndpoints)
  const known = ofEndpoints.get(cluster) ?? assignment(cluster, endpoints)
  ofEndpoints.set(cluster, known)
  return known
}

const made = new WeakMap<readonly SocketAddress[], Map<string, EnvoyObject>>()

const assignment = (cluster: string, endpoints: readonly SocketAddress[]): EnvoyObject => ({
  '@type': typeUrl('envoy.config.endpoint.v3.ClusterLoadAssignment'),
  ...loadAssignment(cluster, endpoints),
})

/** The endpoints in the form that is embedded in a cluster. */
export const loadAssignment = (cluster: string, endpoints: readonly SocketAddress[]): object => ({
  cluster_name: cluster,
  endpoints: [
    {
      lb_endpoints: endpoints.map(({ address, port }) => ({
        endpoint: { address: { socket_address: { address, port_value: port } } },
      })),
    },
  ],
})
