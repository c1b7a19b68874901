import type { ServiceMap } from '../services/service-map.ts'
import type { PacketMachine } from './frontends.ts'
import type { MapName } from './packet-maps.ts'
import { servicePackets } from './service-packets.ts'

/**
 * What the kernel must know to carry connections from service addresses and node ports to endpoints, in nftables'
 * words. Flat maps, with one chain for each *number* of endpoints: a change costs the same whether ten services exist
 * or ten thousand.
 */
export type PacketRules = {
  /** One that has no elements may be absent. */
  maps: ReadonlyMap<MapName, Elements>
  /** The chains that the maps go to, with their rules. */
  chains: ReadonlyMap<string, readonly string[]>
}

/** Keys and data of a map; a set's elements have no data. */
export type Elements = ReadonlyMap<string, string | undefined>

/** The rules for a map of services. An address without an endpoint is absent, and so rejected. */
export function packetRules(services: ServiceMap, machine: PacketMachine): PacketRules {
  const maps = new Map<MapName, Map<string, string | undefined>>()
  const all = new Map<string, readonly string[]>()
  for (const service of services.values()) {
    const { elements, chains } = servicePackets(service, machine)
    for (const [name, key, data] of elements) {
      const known = maps.get(name)
      if (known) known.set(key, data)
      else maps.set(name, new Map([[key, data]]))
    }
    for (const [name, rules] of chains) all.set(name, rules)
  }
  return { maps, chains: all }
}
