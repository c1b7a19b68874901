import { objectKey } from '@reckon/kubernetes'
import type { BackendPort, HostRules, IngressHosts } from '../ingresses/path-rule.ts'
import type { TlsHosts } from '../ingresses/tls-hosts.ts'
import type { RoutedPort, SocketAddress } from '../services/routed-port.ts'
import type { RoutedService, ServiceMap } from '../services/service-map.ts'
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
  const clusters = new Map<string, EnvoyObject>()
  const endpoints = new Map<string, EnvoyObject>()
  for (const rules of hosts.values()) {
    for (const { name, key, backend } of backendsIn(rules)) {
      if (clusters.has(name)) continue
      const target = targetOf(backend, services.get(key), settings.dnsServer)
      clusters.set(name, target.cluster)
      if (target.endpoints) endpoints.set(name, target.endpoints)
    }
  }
  return {
    clusters,
    endpoints,
    scopes: scopes(hosts, settings.tlsPort, before?.scopes),
    certificates: certificates(settings.tls ?? new Map()),
  }
}

type Target = { cluster: EnvoyObject; endpoints?: EnvoyObject }

/** Of the same Service it is the same, which needs no comparison: Ingresses change by themselves. */
function targetOf(
  backend: ClusterBackend,
  service: RoutedService | undefined,
  dnsServer: string | undefined,
): Target {
  const known = targets.get(backend)
  if (known && known.service === service && known.dnsServer === dnsServer) return known.target
  const port = portIn(service, backend)
  const external = externalIn(service, backend, port)
  const { appProtocol } = port ?? {}
  const name = clusterName(backend)
  const target = {
    cluster: cluster(backend, { appProtocol, external }, dnsServer),
    ...(external === undefined && { endpoints: clusterLoadAssignment(name, port?.endpoints) }),
  }
  if (service !== undefined) targets.set(backend, { service, dnsServer, target })
  return target
}

type MadeTarget = {
  service: RoutedService
  dnsServer: string | undefined
  target: Target
}
const targets = new WeakMap<ClusterBackend, MadeTarget>()

type NamedBackend = { name: string; key: string; backend: ClusterBackend }

/**
 * What the rules of a host lead to, with the name of the cluster and the key of the Service. All hosts are gone through
 * whenever one changes: of the same rules it is the same list.
 */
function backendsIn(rules: HostRules): readonly NamedBackend[] {
  const known = named.get(rules)
  if (known !== undefined) return known
  const found = rules.paths.flatMap(backendsOf).map(([backend]) => ({
    name: clusterName(backend),
    key: keyOf(backend),
    backend,
  }))
  named.set(rules, found)
  return found
}

const named = new WeakMap<HostRules, readonly NamedBackend[]>()

const keyOf = ({ namespace, service: name }: BackendPort): string => objectKey({ namespace, name })

/** The port of a Service that a backend names. */
export const portOf = (services: ServiceMap, backend: BackendPort): RoutedPort | undefined =>
  portIn(services.get(keyOf(backend)), backend)

const portIn = (service: RoutedService | undefined, backend: BackendPort): RoutedPort | undefined =>
  service?.ports.find(
    ({ name, port, protocol }) =>
      protocol === 'TCP' && (backend.port === port || backend.port === name),
  )

/** The place outside that an ExternalName stands for; a port by number need not be among its own. */
function externalIn(
  service: RoutedService | undefined,
  backend: BackendPort,
  known: RoutedPort | undefined,
): SocketAddress | undefined {
  const address = service?.externalName
  const port = known?.port ?? backend.port
  return address && typeof port === 'number' ? { address, port } : undefined
}
