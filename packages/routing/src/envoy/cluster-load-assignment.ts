import type { SocketAddress } from '../services/routed-port.ts'
import { type EnvoyObject, typeUrl } from './envoy-object.ts'

/**
 * The endpoints of a cluster. None is a valid answer: requests then get 503. Of the same list it is the same object,
 * which needs no comparison; it goes with the list, so where there is no list nothing is kept.
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

/** The same as it stands within a cluster. */
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
