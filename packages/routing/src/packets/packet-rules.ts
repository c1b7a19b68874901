import type { ServiceMap } from '../services/service-map.ts'
import type { PacketMachine } from './frontends.ts'
import type { MapName } from './packet-maps.ts'
import { servicePackets } from './service-packets.ts'

/**
 * The nftables rules that translate connections to Service addresses and node ports. Flat maps, with one chain for each
 * *number* of endpoints, so that a change costs the same with ten Services or ten thousand.
 */
export type PacketRules = {
  /** Maps without elements may be absent. */
  maps: ReadonlyMap<MapName, Elements>
  /** The chains that the maps refer to, with their rules. */
  chains: ReadonlyMap<string, readonly string[]>
}

/** The elements of a map; a set's have no data. */
export type Elements = ReadonlyMap<string, string | undefined>

/** The rules for a map of Services. An address without an endpoint is absent, and so is rejected. */
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
