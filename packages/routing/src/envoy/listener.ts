import { bodyFilter } from './body-limit.ts'
import { awaitedFromStream, type EnvoyObject, fromStream, typeUrl } from './envoy-object.ts'
import { scopeCount, scopeHeader } from './scope.ts'

/** Computes a request's scope from its host, as `scopeOf` does. */
const scopeScript = `function envoy_on_request(handle)
  local host = handle:headers():get(':authority') or ''
  local hash = 5381
  for i = 1, #host do
    local c = string.byte(host, i)
    if c == 58 then break end
    if c >= 65 and c <= 90 then c = c + 32 end
    hash = (hash * 33 + c) % 4294967296
  end
  handle:headers():replace('${scopeHeader}', 's' .. (hash % ${scopeCount}))
end
`

/** The name under which Envoy requests the certificate for clients that send no server name. */
const withoutServerName = 'default'

/** A line of the access log; `ingress` and `position` name the Ingress and the event that made the route. */
const accessLine = {
  time: '%START_TIME(%Y-%m-%dT%H:%M:%S.%3fZ)%',
  method: '%REQ(:METHOD)%',
  host: '%REQ(:AUTHORITY)%',
  path: '%REQ(X-ENVOY-ORIGINAL-PATH?:PATH)%',
  status: '%RESPONSE_CODE%',
  durationMs: '%DURATION%',
  upstream: '%UPSTREAM_HOST%',
  flags: '%RESPONSE_FLAGS%',
  detail: '%RESPONSE_CODE_DETAILS%',
  ingress: '%METADATA(ROUTE:reckon:ingress)%',
  position: '%METADATA(ROUTE:reckon:position)%',
}

export type ListenerOptions = {
  port: number
  /** A file; standard output without it. */
  accessLog?: string
  /** All routes, unless they are delivered at run time. */
  routes?: object
}

/** The plain HTTP listener on every address of the machine. */
export const httpListener = (options: ListenerOptions): EnvoyObject => listener('http', options, {})

/**
 * The TLS listener. It requests the certificate for each server name once, and receives updates of it, so the listener
 * itself never changes.
 */
export const httpsListener = (options: ListenerOptions): EnvoyObject => ({
  ...listener('https', options, { transport_socket: onDemandTls }),
  listener_filters: [tlsInspector],
})

/** The TLS listener with all its certificates, for a fixed configuration. */
export const fixedHttpsListener = (
  options: ListenerOptions,
  pairs: ReadonlyMap<string, unknown>,
): EnvoyObject => ({
  ...listener('https', options, ...[...pairs].map(([host, pair]) => fixedTls(host, pair))),
  listener_filters: [tlsInspector],
})

const listener = (name: string, options: ListenerOptions, ...chains: readonly object[]) => ({
  '@type': typeUrl('envoy.config.listener.v3.Listener'),
  name,
  address: { socket_address: { address: '0.0.0.0', port_value: options.port } },
  filter_chains: chains.map((chain) => ({ ...chain, filters: [connectionManager(options)] })),
})

const tlsInspector = {
  name: 'envoy.filters.listener.tls_inspector',
  typed_config: {
    '@type': typeUrl('envoy.extensions.filters.listener.tls_inspector.v3.TlsInspector'),
  },
}

const fixedTls = (host: string, pair: unknown) => ({
  ...(host === '*' ? {} : { filter_chain_match: { server_names: [host] } }),
  transport_socket: {
    name: 'envoy.transport_sockets.tls',
    typed_config: {
      '@type': typeUrl('envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext'),
      common_tls_context: { alpn_protocols: ['h2', 'http/1.1'], tls_certificates: [pair] },
    },
  },
})

const onDemandTls = {
  name: 'envoy.transport_sockets.tls',
  typed_config: {
    '@type': typeUrl('envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext'),
    // Envoy rejects session resumption together with on-demand certificates.
    disable_stateless_session_resumption: true,
    disable_stateful_session_resumption: true,
    common_tls_context: {
      alpn_protocols: ['h2', 'http/1.1'],
      custom_tls_certificate_selector: {
        name: 'on-demand',
        typed_config: {
          '@type': typeUrl(
            'envoy.extensions.transport_sockets.tls.cert_selectors.on_demand_secret.v3.Config',
          ),
          config_source: fromStream,
          certificate_mapper: {
            name: 'sni',
            typed_config: {
              '@type': typeUrl('envoy.extensions.transport_sockets.tls.cert_mappers.sni.v3.SNI'),
              default_value: withoutServerName,
            },
          },
        },
      },
    },
  },
}

function connectionManager({ accessLog, routes }: ListenerOptions): object {
  return {
    name: 'envoy.filters.network.http_connection_manager',
    typed_config: {
      '@type': typeUrl(
        'envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager',
      ),
      stat_prefix: 'edge',
      use_remote_address: true,
      strip_any_host_port: true,
      strip_trailing_host_dot: true,
      // Pods get the requested path: only `/../` is resolved, so that a request cannot leave its
      // rule.
      normalize_path: true,
      merge_slashes: false,
      path_with_escaped_slashes_action: 'KEEP_UNCHANGED',
      // Used by ab, nginx and health checks.
      http_protocol_options: { accept_http_10: true },
      server_header_transformation: 'PASS_THROUGH',
      upgrade_configs: [{ upgrade_type: 'websocket' }],
      ...(routes === undefined ? { scoped_routes: scopesFromStream } : { route_config: routes }),
      http_filters: [
        ...(routes === undefined ? [scopeFilter] : []),
        {
          name: bodyFilter,
          // For requests without a route; each route decides itself whether bodies are buffered.
          typed_config: {
            '@type': typeUrl('envoy.extensions.filters.http.buffer.v3.Buffer'),
            max_request_bytes: 65_536,
          },
        },
        {
          name: 'envoy.filters.http.router',
          typed_config: {
            '@type': typeUrl('envoy.extensions.filters.http.router.v3.Router'),
            suppress_envoy_headers: true,
          },
        },
      ],
      access_log: [accessLogTo(accessLog)],
    },
  }
}

/** Routes are delivered at run time, by the scope that the script computes. */
const scopesFromStream = {
  name: 'scopes',
  scope_key_builder: {
    fragments: [
      { header_value_extractor: { name: scopeHeader, element_separator: ',', index: 0 } },
    ],
  },
  rds_config_source: fromStream,
  scoped_rds: { scoped_rds_config_source: awaitedFromStream },
}

const scopeFilter = {
  name: 'envoy.filters.http.lua',
  typed_config: {
    '@type': typeUrl('envoy.extensions.filters.http.lua.v3.Lua'),
    default_source_code: { inline_string: scopeScript },
  },
}

const accessLogTo = (path: string | undefined) => ({
  name: path === undefined ? 'envoy.access_loggers.stdout' : 'envoy.access_loggers.file',
  typed_config: {
    ...(path === undefined
      ? { '@type': typeUrl('envoy.extensions.access_loggers.stream.v3.StdoutAccessLog') }
      : { '@type': typeUrl('envoy.extensions.access_loggers.file.v3.FileAccessLog'), path }),
    log_format: { json_format: accessLine },
  },
})
