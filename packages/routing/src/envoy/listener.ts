import { bodyFilter } from './body-limit.ts'
import { awaitedFromStream, type EnvoyObject, fromStream, typeUrl } from './envoy-object.ts'
import { scopeCount, scopeHeader } from './scope.ts'

/** Routes are found under the scope that this script computes of the host (see `scopeOf`). */
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

/** Under this name Envoy asks for the certificate of a client that says none. */
const withoutServerName = 'default'

/**
 * One line of the access log; `ingress` and `position` name the Ingress and the event that made the
 * route.
 */
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
  /** A file; where it says nothing, to its output. */
  accessLog?: string
  /** All routes, where they are not told while it runs. */
  routes?: object
}

/** The listener for clear HTTP on every address of the machine. */
export const httpListener = (options: ListenerOptions): EnvoyObject => listener('http', options, {})

/**
 * The listener for TLS. It asks for a certificate by the name that a client says, once, and takes
 * the next one when that is told: so it never changes itself.
 */
export const httpsListener = (options: ListenerOptions): EnvoyObject => ({
  ...listener('https', options, { transport_socket: onDemandTls }),
  listener_filters: [tlsInspector],
})

/** The listener for TLS with all its certificates, where they are not told while it runs. */
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
    // Envoy refuses a listener that resumes sessions and takes certificates on demand.
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
      // A pod gets the path that was asked for: only `/../` is resolved, lest it leave its rule.
      normalize_path: true,
      merge_slashes: false,
      path_with_escaped_slashes_action: 'KEEP_UNCHANGED',
      // As ab, nginx and checks of health speak.
      http_protocol_options: { accept_http_10: true },
      server_header_transformation: 'PASS_THROUGH',
      upgrade_configs: [{ upgrade_type: 'websocket' }],
      ...(routes === undefined ? { scoped_routes: scopesFromStream } : { route_config: routes }),
      http_filters: [
        ...(routes === undefined ? [scopeFilter] : []),
        {
          name: bodyFilter,
          // For what has no route; each route says for itself whether bodies are gathered.
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

/** Which routes a request goes by is told while Envoy runs, under the name that the script gives it. */
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
