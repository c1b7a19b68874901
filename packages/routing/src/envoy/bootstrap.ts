import { awaitedFromStream, typeUrl } from './envoy-object.ts'

/** Envoy's files, all in one folder. */
export type EdgeFiles = {
  bootstrap: string
  listeners: string
  listenersFolder: string
  /** The unix socket for clusters, endpoints and routes. */
  xdsSocket: string
  adminSocket: string
  accessLog: string
  /** The previous access log, rotated when it became too long. */
  earlierAccessLog: string
}

/** The files of the edge in its folder. */
export const edgeFiles = (folder: string): EdgeFiles => ({
  bootstrap: `${folder}/bootstrap.yaml`,
  listeners: `${folder}/lds/lds.yaml`,
  listenersFolder: `${folder}/lds`,
  xdsSocket: `${folder}/xds.sock`,
  adminSocket: `${folder}/admin.sock`,
  accessLog: `${folder}/access.jsonl`,
  earlierAccessLog: `${folder}/access.jsonl.1`,
})

const ownerOnly = 0o600
const connectionsMax = 10_000

/** Limits of every Envoy of ours. */
export const limits = {
  // With thousands of clusters the default statistics cost 50 MB a scrape and stall Envoy for
  // seconds.
  stats_flush_on_admin: true,
  stats_config: {
    stats_matcher: {
      inclusion_list: {
        patterns: ['http.edge.', 'listener_manager.', 'cluster_manager.', 'server.'].map(
          (prefix) => ({ prefix }),
        ),
      },
    },
  },
  overload_manager: {
    resource_monitors: [
      {
        name: 'envoy.resource_monitors.global_downstream_max_connections',
        typed_config: {
          '@type': typeUrl(
            'envoy.extensions.resource_monitors.downstream_connections.v3.DownstreamConnectionsConfig',
          ),
          max_active_downstream_connections: connectionsMax,
        },
      },
    ],
  },
}

/** Envoy's bootstrap, which says where to learn the rest. While the proxy is away, Envoy goes on with what it has. */
export function bootstrap(node: string, files: EdgeFiles): object {
  return {
    node: { id: node, cluster: 'reckon' },
    admin: { address: { pipe: { path: files.adminSocket, mode: ownerOnly } } },
    dynamic_resources: {
      ads_config: {
        api_type: 'DELTA_GRPC',
        transport_api_version: 'V3',
        set_node_on_first_message_only: true,
        grpc_services: [
          {
            envoy_grpc: {
              cluster_name: 'xds',
              // A restarted proxy is found within a second; Envoy's default waits up to 30.
              retry_policy: { retry_back_off: { base_interval: '0.05s', max_interval: '0.5s' } },
            },
          },
        ],
      },
      // An Envoy that replaces another one does so only once it has its routes.
      cds_config: awaitedFromStream,
      lds_config: {
        resource_api_version: 'V3',
        path_config_source: {
          path: files.listeners,
          watched_directory: { path: files.listenersFolder },
        },
      },
    },
    static_resources: { clusters: [streamCluster(files.xdsSocket)] },
    ...limits,
  }
}

function streamCluster(socket: string): object {
  return {
    name: 'xds',
    type: 'STATIC',
    typed_extension_protocol_options: {
      'envoy.extensions.upstreams.http.v3.HttpProtocolOptions': {
        '@type': typeUrl('envoy.extensions.upstreams.http.v3.HttpProtocolOptions'),
        explicit_http_config: { http2_protocol_options: {} },
      },
    },
    load_assignment: {
      cluster_name: 'xds',
      endpoints: [{ lb_endpoints: [{ endpoint: { address: { pipe: { path: socket } } } }] }],
    },
  }
}
