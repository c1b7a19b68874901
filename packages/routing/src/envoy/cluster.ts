import type { BackendLimits } from '@reckon/kubernetes'
import type { BackendPort, PathRule } from '../ingresses/path-rule.ts'
import type { SocketAddress } from '../services/routed-port.ts'
import { loadAssignment } from './cluster-load-assignment.ts'
import { type EnvoyObject, fromStream, typeUrl } from './envoy-object.ts'

/** A Service's port, and limits on its concurrent load. */
export type ClusterBackend = BackendPort & { limits?: BackendLimits | undefined }

/**
 * The name of a cluster: one for each Service and port, which all hosts share, and a separate one for each set of
 * limits.
 */
export function clusterName({ namespace, service, port, limits }: ClusterBackend): string {
  if (limits === undefined) return `${namespace}/${service}:${port}`
  const set = Object.entries(limits).filter(([, limit]) => limit !== undefined)
  const suffix = set.map(([name, limit]) => `,${name}=${limit}`).join('')
  return `${namespace}/${service}:${port}${suffix}`
}

type Backends = readonly (readonly [ClusterBackend, number])[]

/** The backends of a rule with their shares in percent; none where the backend is not a Service. Cached by rule. */
export function backendsOf(rule: PathRule): Backends {
  const known = backends.get(rule) ?? backendsIn(rule)
  backends.set(rule, known)
  return known
}

const backends = new WeakMap<PathRule, Backends>()

function backendsIn({ backend, options = {} }: PathRule): Backends {
  if ('resource' in backend) return []
  const { canary, limits } = options
  const stable = { ...backend, limits }
  if (canary === undefined) return [[stable, 100]]
  return [
    [stable, 100 - canary.percent],
    [{ ...stable, service: canary.service }, canary.percent],
  ]
}

/** The properties of a Service's port; `external` for an ExternalName. */
type Upstream = { appProtocol?: string | undefined; external?: SocketAddress | undefined }

/** Kubernetes' name for cleartext HTTP/2 (KEP-3726), and the one that many charts use for gRPC. */
const cleartextHttp2 = ['kubernetes.io/h2c', 'grpc']
const unlimited = 100_000

/**
 * The cluster of a Service's port. Its endpoints are a separate resource, so that they change without a new cluster. An
 * external name is resolved by Envoy itself, through the given server.
 */
export function cluster(
  backend: ClusterBackend,
  upstream: Upstream,
  dnsServer?: string,
): EnvoyObject {
  const { appProtocol, external } = upstream
  const way = [appProtocol, external?.address, external?.port, dnsServer].join()
  const known = clusters.get(backend)
  if (known?.way === way) return known.made
  const made = clusterOf(backend, upstream, dnsServer)
  clusters.set(backend, { way, made })
  return made
}

/** Caches clusters by backend, as long as they are reached in the same way. */
const clusters = new WeakMap<ClusterBackend, { way: string; made: EnvoyObject }>()

function clusterOf(
  backend: ClusterBackend,
  { appProtocol = '', external }: Upstream,
  dnsServer: string | undefined,
): EnvoyObject {
  const protocol = cleartextHttp2.includes(appProtocol)
    ? { http2_protocol_options: {} }
    : { http_protocol_options: {} }
  const { limits = {} } = backend
  return {
    '@type': typeUrl('envoy.config.cluster.v3.Cluster'),
    name: clusterName(backend),
    ...(external ? byName(clusterName(backend), external, dnsServer) : byEndpoints),
    connect_timeout: '2s',
    ...endsWhenSilent,
    // Envoy's default of 3 concurrent retries would make the retry policy nearly useless when a pod
    // dies under load.
    circuit_breakers: {
      thresholds: [
        {
          max_connections: limits.connections ?? unlimited,
          max_pending_requests: limits.pending ?? unlimited,
          max_requests: limits.requests ?? unlimited,
          max_retries: 1024,
        },
      ],
    },
    typed_extension_protocol_options: {
      'envoy.extensions.upstreams.http.v3.HttpProtocolOptions': {
        '@type': typeUrl('envoy.extensions.upstreams.http.v3.HttpProtocolOptions'),
        // Below the 5 s after which common servers close an idle connection, so that Envoy closes
        // it first.
        common_http_protocol_options: { idle_timeout: '4s' },
        explicit_http_config: protocol,
      },
    },
  }
}

/**
 * How long in milliseconds a connection may go without acknowledgement. A machine that loses its power sends nothing
 * more, and requests to it would otherwise wait for the kernel's quarter of an hour. But the same timeout limits how
 * long a live pod may leave data unread, so it is not shorter than ingress-nginx's minute (`proxy-send-timeout`,
 * `proxy-read-timeout`).
 */
const silentMs = 60_000
const endsWhenSilent = {
  // For requests that are acknowledged but not answered.
  upstream_connection_options: {
    tcp_keepalive: { keepalive_time: 10, keepalive_interval: 5, keepalive_probes: 2 },
  },
  upstream_bind_config: {
    socket_options: [
      {
        description: 'TCP_USER_TIMEOUT',
        // IPPROTO_TCP, and TCP_USER_TIMEOUT on Linux.
        ...{ level: 6, name: 18, int_value: silentMs, state: 'STATE_PREBIND' },
      },
    ],
  },
}

const byEndpoints = { type: 'EDS', eds_cluster_config: { eds_config: fromStream } }

const byName = (name: string, external: SocketAddress, dnsServer: string | undefined) => ({
  type: 'STRICT_DNS',
  dns_lookup_family: 'V4_PREFERRED',
  load_assignment: loadAssignment(name, [external]),
  ...(dnsServer === undefined ? {} : { typed_dns_resolver_config: resolver(dnsServer) }),
})

const resolver = (address: string) => ({
  name: 'envoy.network.dns_resolver.cares',
  typed_config: {
    '@type': typeUrl('envoy.extensions.network.dns_resolver.cares.v3.CaresDnsResolverConfig'),
    resolvers: [{ socket_address: { address, port_value: 53 } }],
  },
})
