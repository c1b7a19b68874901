import { objectKey } from '@reckon/kubernetes'
import type { BackendPort, IngressHosts } from '../ingress-hosts.ts'
import type { RoutedPort, ServiceMap, SocketAddress } from '../service-map.ts'
import type { TlsHosts } from '../tls-hosts.ts'
import { certificates } from './certificate.ts'
import { backendsOf, type ClusterBackend, cluster, clusterName } from './cluster.ts'
import { clusterLoadAssignment } from './cluster-load-assignment.ts'
import type { EnvoyObject, EnvoyObjects } from './envoy-object.ts'
import { type Scope, scopes } from './scope.ts'

/** What an edge is beside its rules. */
export type EdgeSettings = {
  tls?: TlsHosts
  /** Where clear requests are sent that are to come over TLS; 443 where none is given. */
  tlsPort?: number
  /** Who knows the names of the cluster; the machine's own where none is given. */
  dnsServer?: string
}

/** Everything that Envoy is told while it runs; endpoints are keyed by their cluster's name. */
export type Edge = {
  clusters: EnvoyObjects
  endpoints: EnvoyObjects
  scopes: ReadonlyMap<string, Scope>
  /** By the host that each is for, which may be a wildcard. */
  certificates: EnvoyObjects
}

/**
 * The edge for a cluster's Ingresses and Services. A Service that a route names always has a
 * cluster, also while it does not exist: requests then get 503, and nothing but endpoints changes
 * once it appears. What is as it was before is the same object, but for the endpoints of what is missing.
 */
export function edge(
  hosts: IngressHosts,
  services: ServiceMap,
  settings: EdgeSettings = {},
  before?: Edge,
): Edge {
  const backends = new Map<string, ClusterBackend>()
  for (const { paths } of hosts.values()) {
    for (const rule of paths) {
      for (const [backend] of backendsOf(rule)) backends.set(clusterName(backend), backend)
    }
  }
  const clusters: [string, EnvoyObject][] = []
  const endpoints: [string, EnvoyObject][] = []
  for (const [name, backend] of backends) {
    const port = portOf(services, backend)
    const external = externalOf(services, backend, port)
    const { appProtocol } = port ?? {}
    clusters.push([name, cluster(backend, { appProtocol, external }, settings.dnsServer)])
    if (external === undefined) endpoints.push([name, clusterLoadAssignment(name, port?.endpoints)])
  }
  return {
    clusters: new Map(clusters),
    endpoints: new Map(endpoints),
    scopes: scopes(hosts, settings.tlsPort, before?.scopes),
    certificates: certificates(settings.tls ?? new Map()),
  }
}

/** The port of a Service that a backend names. */
export function portOf(services: ServiceMap, backend: BackendPort): RoutedPort | undefined {
  return serviceOf(services, backend)?.ports.find(
    ({ name, port, protocol }) =>
      protocol === 'TCP' && (backend.port === port || backend.port === name),
  )
}

/** The place outside that an ExternalName stands for; a port by number need not be among its own. */
function externalOf(
  services: ServiceMap,
  backend: BackendPort,
  known: RoutedPort | undefined,
): SocketAddress | undefined {
  const address = serviceOf(services, backend)?.externalName
  const port = known?.port ?? backend.port
  return address && typeof port === 'number' ? { address, port } : undefined
}

const serviceOf = (services: ServiceMap, { namespace, service: name }: BackendPort) =>
  services.get(objectKey({ namespace, name }))
