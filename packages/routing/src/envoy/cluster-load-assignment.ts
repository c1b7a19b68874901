import type { SocketAddress } from '../service-map.ts'
import { type EnvoyObject, typeUrl } from './envoy-object.ts'

/** The endpoints of a cluster. None is a valid answer: requests then get 503. */
export const clusterLoadAssignment = (
  cluster: string,
  endpoints: readonly SocketAddress[],
): EnvoyObject => ({
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
