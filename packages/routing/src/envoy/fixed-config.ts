import { limits } from './bootstrap.ts'
import type { Edge } from './edge.ts'
import type { EnvoyObject } from './envoy-object.ts'
import { fixedHttpsListener, httpListener } from './listener.ts'
import { isTlsRedirect } from './redirects.ts'
import { routeConfiguration, type VirtualHost } from './scope.ts'

export type FixedConfigOptions = {
  node: string
  httpPort: number
  /** Without it, the file has no TLS listener, no redirects to it and no keys. */
  tlsPort?: number
}

/**
 * Envoy's whole configuration as one file with which an Envoy runs by itself, with the current routes, endpoints and
 * certificates. Hosts are not divided into scopes here, because each scope would repeat all wildcards.
 */
export function fixedConfig(edge: Edge, { node, httpPort, tlsPort }: FixedConfigOptions): object {
  const pairs = new Map([...edge.certificates].map(([host, made]) => [host, made.tls_certificate]))
  const hasTls = tlsPort !== undefined && pairs.size > 0
  const hosts = hasTls ? hostsOf(edge) : hostsOf(edge).map(withoutTlsRedirects)
  const routes = routeConfiguration('edge', hosts)
  const listeners = [
    httpListener({ port: httpPort, routes }),
    ...(hasTls ? [fixedHttpsListener({ port: tlsPort, routes }, pairs)] : []),
  ]
  const clusters = [...edge.clusters].map(([name, cluster]) =>
    withEndpoints(cluster, edge.endpoints.get(name)),
  )
  return {
    node: { id: node, cluster: 'reckon' },
    static_resources: { listeners: listeners.map(withoutType), clusters },
    ...limits,
  }
}

/** Each host once. */
function hostsOf({ scopes }: Edge): VirtualHost[] {
  const all = [...scopes.values()].flatMap((scope) => scope.route_configuration.virtual_hosts)
  return [...new Map(all.map((host) => [host.name, host])).values()]
}

/** Without a TLS listener, requests that would be redirected to it are answered directly. */
const withoutTlsRedirects = (host: VirtualHost): VirtualHost => ({
  ...host,
  routes: host.routes.filter((route) => !isTlsRedirect(route)),
})

function withEndpoints(cluster: EnvoyObject, endpoints: EnvoyObject | undefined): object {
  const { eds_cluster_config: _, ...rest } = withoutType(cluster)
  if (endpoints === undefined) return rest
  return { ...rest, type: 'STATIC', load_assignment: withoutType(endpoints) }
}

/** Without `@type`, for fields that have a fixed type. */
const withoutType = ({ '@type': _, ...fields }: EnvoyObject): Record<string, unknown> => fields
