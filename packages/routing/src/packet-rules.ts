import type { RoutedService, ServiceMap, SocketAddress } from './service-map.ts'

/**
 * What the kernel must know to carry connections from service addresses and node ports to
 * endpoints, in nftables' words. Flat maps, with one chain for each *number* of endpoints: a change
 * costs the same whether ten services exist or ten thousand.
 */
export type PacketRules = {
  /** `10.96.0.7 . tcp . 80` → `goto cluster-ip-3` */
  clusterIps: Elements
  /** `10.96.0.7 . tcp . 80 . 0` → `10.244.1.5 . 8080`: the endpoint of that number */
  endpoints: Elements
  /** `tcp . 30001` → `goto node-port-3` */
  nodePorts: Elements
  /** `tcp . 30001 . 0` → `10.244.1.5 . 8080` */
  nodePortEndpoints: Elements
  /**
   * `10.244.1.5 . 10.244.1.5`: a pod that reaches itself through a service must see another's
   * address.
   */
  hairpins: Elements
  /** The chains that the maps go to, with their rules. */
  chains: ReadonlyMap<string, readonly string[]>
}

/** Keys and data of a map; a set's elements have no data. */
export type Elements = ReadonlyMap<string, string | undefined>

/** Marks connections whose source is replaced by this machine's address. */
export const masqueradeMark = '0x4000'

/** The rules for a map of services. A port without a ready endpoint is absent, and so rejected. */
export function packetRules(services: ServiceMap): PacketRules {
  const clusterIps = new Map<string, string>()
  const endpoints = new Map<string, string>()
  const nodePorts = new Map<string, string>()
  const nodePortEndpoints = new Map<string, string>()
  const hairpins = new Map<string, undefined>()
  const chains = new Map<string, readonly string[]>()

  for (const service of services.values()) {
    for (const port of service.ports) {
      const count = port.endpoints.length
      if (count === 0) continue
      const key = `${port.protocol.toLowerCase()} . ${port.port}`
      for (const address of service.clusterIPs) {
        const chain = `cluster-ip-${choiceName(service, count)}`
        clusterIps.set(`${address} . ${key}`, `goto ${chain}`)
        chains.set(chain, [
          choiceRule(service, count),
          'meta l4proto { tcp, udp, sctp } dnat ip to ip daddr . meta l4proto . th dport . meta mark map @endpoints',
        ])
        addEndpoints(endpoints, `${address} . ${key}`, port.endpoints)
      }
      if (port.nodePort !== undefined) {
        const nodePort = `${port.protocol.toLowerCase()} . ${port.nodePort}`
        const chain = `node-port-${choiceName(service, count)}`
        nodePorts.set(nodePort, `goto ${chain}`)
        chains.set(chain, [
          `ct mark set ct mark | ${masqueradeMark}`,
          choiceRule(service, count),
          'meta l4proto { tcp, udp, sctp } dnat ip to meta l4proto . th dport . meta mark map @node-port-endpoints',
        ])
        addEndpoints(nodePortEndpoints, nodePort, port.endpoints)
      }
      for (const { address } of port.endpoints) hairpins.set(`${address} . ${address}`, undefined)
    }
  }
  return { clusterIps, endpoints, nodePorts, nodePortEndpoints, hairpins, chains }
}

const choiceName = (service: RoutedService, count: number): string =>
  service.affinitySeconds === undefined ? `${count}` : `sticky-${count}`

/**
 * A client is bound to its endpoint by a hash: it moves only when the endpoints change, whatever
 * the timeout.
 */
const choiceRule = (service: RoutedService, count: number): string =>
  service.affinitySeconds === undefined
    ? `meta mark set numgen random mod ${count}`
    : `meta mark set jhash ip saddr mod ${count} seed 1`

function addEndpoints(
  map: Map<string, string>,
  key: string,
  endpoints: readonly SocketAddress[],
): void {
  endpoints.forEach(({ address, port }, index) => {
    map.set(`${key} . ${index}`, `${address} . ${port}`)
  })
}
