import { fnv1a32, isInCidr } from '@reckon/kubernetes'
import { type Choice, choiceChain, type Front } from './packet-choice.ts'
import type { MapName } from './packet-maps.ts'
import type { RoutedEndpoint, RoutedPort, RoutedService, ServiceMap } from './service-map.ts'

/**
 * What the kernel must know to carry connections from service addresses and node ports to endpoints, in nftables' words.
 * Flat maps, with one chain for each *number* of endpoints: a change costs the same whether ten services exist or ten
 * thousand.
 */
export type PacketRules = {
  /** One that has no elements may be absent. */
  maps: ReadonlyMap<MapName, Elements>
  /** The chains that the maps go to, with their rules. */
  chains: ReadonlyMap<string, readonly string[]>
}

/** Keys and data of a map; a set's elements have no data. */
export type Elements = ReadonlyMap<string, string | undefined>

/** Whose rules these are. */
export type PacketMachine = {
  /** The nodes that are on this machine: their pods are local to it. */
  nodes: ReadonlySet<string>
  serviceCidr: string
}

type Frontend = {
  front: Front
  /** `10.96.0.7 . tcp . 80` or `tcp . 30001` */
  key: string
  /** Seen by all, or only by clients from outside of the cluster. */
  isOutside: boolean
  isMasqueraded: boolean
  endpoints: readonly RoutedEndpoint[]
}

/** Numbers of endpoints for clients from outside begin here, beside those for all. */
const outsideOffset = 65_536

/** The rules for a map of services. An address without an endpoint is absent, and so rejected. */
export function packetRules(services: ServiceMap, machine: PacketMachine): PacketRules {
  const draft = new Draft()
  for (const service of services.values()) {
    for (const port of service.ports) {
      if (port.protocol === 'SCTP') continue
      for (const frontend of frontends(service, port, machine)) draft.add(frontend, service, port)
    }
  }
  return { maps: draft.maps, chains: draft.chains }
}

function frontends(
  service: RoutedService,
  port: RoutedPort,
  { nodes, serviceCidr }: PacketMachine,
): Frontend[] {
  const protocol = port.protocol.toLowerCase()
  const local = service.isInternalLocal || service.isExternalLocal ? localOf(port, nodes) : []
  const inside = {
    front: 'address' as const,
    isOutside: false,
    isMasqueraded: false,
    endpoints: service.isInternalLocal ? local : port.endpoints,
  }
  const external = (front: Front, key: string): Frontend[] => {
    // Masqueraded, so that the answer comes back this way wherever the endpoint is.
    const all = { front, key, isOutside: false, isMasqueraded: true, endpoints: port.endpoints }
    if (!service.isExternalLocal) return [all]
    return [all, { ...all, isOutside: true, isMasqueraded: false, endpoints: local }]
  }
  // An address of services is no machine's, whatever a status says.
  const outside = (service.outsideIPs ?? []).filter((ip) => !isInCidr(ip, serviceCidr))
  return [
    ...service.clusterIPs.map((ip) => ({ ...inside, key: `${ip} . ${protocol} . ${port.port}` })),
    ...outside.flatMap((ip) => external('address', `${ip} . ${protocol} . ${port.port}`)),
    ...(port.nodePort === undefined ? [] : external('node-port', `${protocol} . ${port.nodePort}`)),
  ]
}

/** The endpoints on this machine: the ready ones, else those that terminate and still serve. */
function localOf(port: RoutedPort, nodes: ReadonlySet<string>): readonly RoutedEndpoint[] {
  const isLocal = ({ node }: RoutedEndpoint) => node !== undefined && nodes.has(node)
  const local = port.endpoints.filter(isLocal)
  if (local.length > 0) return local
  return (port.unready ?? []).filter((each) => each.isServing && isLocal(each))
}

/** The rules as they come together. */
class Draft {
  readonly maps = new Map<MapName, Map<string, string | undefined>>()
  readonly chains = new Map<string, readonly string[]>()

  add(frontend: Frontend, { affinitySeconds }: RoutedService, port: RoutedPort): void {
    const { front, key, isOutside, isMasqueraded, endpoints } = frontend
    // Who leaves keeps its TCP connections until it is gone; a datagram is a question of its own.
    const kept = port.protocol === 'TCP' ? (port.unready ?? []) : []
    for (const { address, port: number } of [...port.endpoints, ...endpoints, ...kept]) {
      this.#elements(`${front}-served`).set(`${key} . ${address} . ${number}`, undefined)
    }
    const dispatch = this.#elements(entryOf(front, isOutside))
    if (endpoints.length === 0) {
      // To a client from outside there is none here, though others be elsewhere.
      if (isOutside) dispatch.set(key, 'accept')
      return
    }
    const offset = isOutside ? outsideOffset : 0
    const choice: Choice = {
      front,
      count: endpoints.length,
      offset,
      isMasqueraded,
      affinitySeconds,
    }
    const { name, rules } = choiceChain(choice)
    this.chains.set(name, rules)
    dispatch.set(key, `goto ${name}`)
    endpoints.forEach(({ address, port: number }, index) => {
      const target = `${address} . ${number}`
      this.#elements('hairpins').set(`${address} . ${address}`, undefined)
      if (affinitySeconds === undefined) {
        this.#elements(`${front}-endpoints`).set(`${key} . ${offset + index}`, target)
        return
      }
      const id = endpointId(target)
      this.#elements(`${front}-endpoint-ids`).set(`${key} . ${offset + index}`, id)
      this.#elements(`${front}-endpoints`).set(`${key} . ${id}`, target)
    })
  }

  #elements(name: MapName): Map<string, string | undefined> {
    const known = this.maps.get(name) ?? new Map()
    this.maps.set(name, known)
    return known
  }
}

const entryOf = (front: Front, isOutside: boolean): MapName =>
  front === 'address'
    ? isOutside
      ? 'addresses-outside'
      : 'addresses'
    : isOutside
      ? 'node-ports-outside'
      : 'node-ports'

/** What a client with session affinity is bound to: the same for an endpoint whoever comes and goes beside it. */
const endpointId = (target: string): string => `0x${fnv1a32(target).toString(16).padStart(8, '0')}`
