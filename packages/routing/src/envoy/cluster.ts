import type { BackendPort } from '../ingress-hosts.ts'
import { type EnvoyObject, fromStream, typeUrl } from './envoy-object.ts'

/** Clusters are keyed by Service and port, so that all hosts of one Service share one. */
export const clusterName = ({ namespace, service, port }: BackendPort): string =>
  `${namespace}/${service}:${port}`

/** Kubernetes' name for cleartext HTTP/2 (KEP-3726). */
const cleartextHttp2 = 'kubernetes.io/h2c'
const unlimited = 100_000

/**
 * A Service's port as Envoy connects to it; its endpoints come apart from it, so that they change
 * without a new cluster.
 */
export function cluster(backend: BackendPort, appProtocol: string | undefined): EnvoyObject {
  const protocol =
    appProtocol === cleartextHttp2 ? { http2_protocol_options: {} } : { http_protocol_options: {} }
  return {
    '@type': typeUrl('envoy.config.cluster.v3.Cluster'),
    name: clusterName(backend),
    type: 'EDS',
    eds_cluster_config: { eds_config: fromStream },
    connect_timeout: '2s',
    // Envoy's default of 3 concurrent retries would make the retry policy nearly useless when a pod
    // dies under load.
    circuit_breakers: {
      thresholds: [
        {
          max_connections: unlimited,
          max_pending_requests: unlimited,
          max_requests: unlimited,
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
