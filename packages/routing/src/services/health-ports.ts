import type { RoutedService, ServiceMap } from './service-map.ts'

/** A machine's answer to load balancers about a Service: the number of ready local pods. */
export type LocalHealth = { namespace: string; name: string; localEndpoints: number }

/** The answers of a machine with these nodes, by port. A port of two Services belongs to the first by name. */
export function healthPorts(
  services: ServiceMap,
  nodes: ReadonlySet<string>,
): ReadonlyMap<number, LocalHealth> {
  const ports = new Map<number, LocalHealth>()
  for (const service of services.values()) {
    const { namespace, name, healthPort } = service
    if (healthPort === undefined || ports.has(healthPort)) continue
    ports.set(healthPort, { namespace, name, localEndpoints: readyHere(service, nodes) })
  }
  return ports
}

/** Terminating endpoints do not count, so that load balancers go elsewhere while they can. */
function readyHere({ ports, endpoints }: RoutedService, nodes: ReadonlySet<string>): number {
  const ready = new Set(endpoints.map(({ address }) => address))
  const here = ports.flatMap((port) => port.endpoints.filter(({ node = '' }) => nodes.has(node)))
  return new Set(here.map(({ address }) => address)).intersection(ready).size
}
