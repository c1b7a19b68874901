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

/** The settings of an edge besides its rules. */
export type EdgeSettings = {
  tls?: TlsHosts
  /** The port that plain HTTP requests are redirected to for TLS; 443 by default. */
  tlsPort?: number
  /** The cluster's DNS server; the machine's own by default. */
  dnsServer?: string
}

/** Everything that Envoy receives at run time; endpoints are keyed by the name of their cluster. */
export type Edge = {
  clusters: EnvoyObjects
  endpoints: EnvoyObjects
  scopes: ReadonlyMap<string, Scope>
  /** By host, which may be a wildcard. */
  certificates: EnvoyObjects
}

/**
 * Computes the edge of a cluster's Ingresses and Services. A Service that a route names always has a cluster, even
 * while it does not exist: requests then get 503, and when it appears only endpoints change. Unchanged parts are
 * identical objects, except for the endpoints of missing Services.
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

/** Cached by Service, because Ingresses change independently. */
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
 * The backends of a host's rules, with the names of their clusters and the keys of their Services. Cached by rules,
 * because all hosts are visited at every change.
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

/** The Service port that a backend names. */
export const portOf = (services: ServiceMap, backend: BackendPort): RoutedPort | undefined =>
  portIn(services.get(keyOf(backend)), backend)

const portIn = (service: RoutedService | undefined, backend: BackendPort): RoutedPort | undefined =>
  service?.ports.find(
    ({ name, port, protocol }) =>
      protocol === 'TCP' && (backend.port === port || backend.port === name),
  )

/** The external address behind an ExternalName; a numbered port need not be among the Service's own. */
function externalIn(
  service: RoutedService | undefined,
  backend: BackendPort,
  known: RoutedPort | undefined,
): SocketAddress | undefined {
  const address = service?.externalName
  const port = known?.port ?? backend.port
  return address && typeof port === 'number' ? { address, port } : undefined
}
