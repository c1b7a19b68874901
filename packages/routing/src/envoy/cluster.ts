import type { BackendLimits } from '@reckon/kubernetes'
import type { BackendPort, PathRule } from '../ingresses/path-rule.ts'
import type { SocketAddress } from '../services/routed-port.ts'
import { loadAssignment } from './cluster-load-assignment.ts'
import { type EnvoyObject, fromStream, typeUrl } from './envoy-object.ts'

/** A Service's port, and how much may go there at a time. */
export type ClusterBackend = BackendPort & { limits?: BackendLimits | undefined }

/**
 * Clusters are keyed by Service and port, so that all hosts of one Service share one; an Ingress
 * that sets limits has one of its own kind.
 */
export function clusterName({ namespace, service, port, limits }: ClusterBackend): string {
  if (limits === undefined) return `${namespace}/${service}:${port}`
  const set = Object.entries(limits).filter(([, limit]) => limit !== undefined)
  const suffix = set.map(([name, limit]) => `,${name}=${limit}`).join('')
  return `${namespace}/${service}:${port}${suffix}`
}

type Backends = readonly (readonly [ClusterBackend, number])[]

/**
 * Where the requests of a rule go, with the share of each in percent; nowhere for what is no Service. Of the same rule
 * these are the same objects.
 */
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

/** What a Service says of a port; `external` where it stands for a name outside. */
type Upstream = { appProtocol?: string | undefined; external?: SocketAddress | undefined }

/** Kubernetes' name for cleartext HTTP/2 (KEP-3726), and what many charts write for gRPC. */
const cleartextHttp2 = ['kubernetes.io/h2c', 'grpc']
const unlimited = 100_000

/**
 * A Service's port as Envoy connects to it; its endpoints come apart from it, so that they change
 * without a new cluster. A name outside is resolved by Envoy itself, by the server that is given.
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

/** Of the same backend, reached in the same way, it is the same object, which needs no comparison. */
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
 * A machine that has lost its power says nothing more: what was asked of it would wait for the kernel's quarter of an
 * hour. So long (in ms) it may keep silent. The kernel gives a pod no longer to go on reading what it is sent, for all
 * that its machine answers: that is why it is not less than the minute of ingress-nginx (`proxy-send-timeout`,
 * `proxy-read-timeout`).
 */
const silentMs = 60_000
const endsWhenSilent = {
  // Where all that was asked is acknowledged, and only the answer does not come.
  upstream_connection_options: {
    tcp_keepalive: { keepalive_time: 10, keepalive_interval: 5, keepalive_probes: 2 },
  },
  upstream_bind_config: {
    socket_options: [
      {
        description: 'TCP_USER_TIMEOUT',
        // IPPROTO_TCP, and the option's number on Linux.
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
