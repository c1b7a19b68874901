import type { RoutedService, ServiceMap } from './service-map.ts'

/** What a machine answers to balancers of one Service: how many ready pods of it are here. */
export type LocalHealth = { namespace: string; name: string; localEndpoints: number }

/**
 * By port, what the machine with these nodes answers there. A port that two Services want has the first of them by
 * name.
 */
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

/** Those that only terminate and still serve count for nobody: a balancer is to go elsewhere while it can. */
function readyHere({ ports, endpoints }: RoutedService, nodes: ReadonlySet<string>): number {
  const ready = new Set(endpoints.map(({ address }) => address))
  const here = ports.flatMap((port) => port.endpoints.filter(({ node = '' }) => nodes.has(node)))
  return new Set(here.map(({ address }) => address)).intersection(ready).size
}
