import { objectKey } from '@reckon/kubernetes'
import type { BackendPort, IngressHosts } from '../ingress-hosts.ts'
import type { RoutedPort, ServiceMap } from '../service-map.ts'
import { cluster, clusterName } from './cluster.ts'
import { clusterLoadAssignment } from './cluster-load-assignment.ts'
import type { EnvoyObjects } from './envoy-object.ts'
import { scopes } from './scope.ts'

/** Everything that Envoy is told while it runs; endpoints are keyed by their cluster's name. */
export type Edge = { clusters: EnvoyObjects; endpoints: EnvoyObjects; scopes: EnvoyObjects }

/**
 * The edge for a cluster's Ingresses and Services. A Service that a route names always has a
 * cluster, also while it does not exist: requests then get 503, and nothing but endpoints changes
 * once it appears.
 */
export function edge(hosts: IngressHosts, services: ServiceMap): Edge {
  const backends = new Map<string, BackendPort>()
  for (const { paths } of hosts.values()) {
    for (const { backend } of paths) backends.set(clusterName(backend), backend)
  }
  const ports = [...backends].map(
    ([name, backend]) => [name, backend, portOf(services, backend)] as const,
  )
  return {
    clusters: new Map(
      ports.map(([name, backend, port]) => [name, cluster(backend, port?.appProtocol)]),
    ),
    endpoints: new Map(
      ports.map(([name, , port]) => [name, clusterLoadAssignment(name, port?.endpoints ?? [])]),
    ),
    scopes: scopes(hosts),
  }
}

function portOf(services: ServiceMap, backend: BackendPort): RoutedPort | undefined {
  return services
    .get(objectKey({ namespace: backend.namespace, name: backend.service }))
    ?.ports.find(({ name, port }) => backend.port === port || backend.port === name)
}
