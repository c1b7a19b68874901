import { fnv1a32 } from '@reckon/kubernetes'
import type { RoutedEndpoint, RoutedPort } from '../services/routed-port.ts'
import type { RoutedService } from '../services/service-map.ts'
import { type Frontend, frontends, type PacketMachine } from './frontends.ts'
import { choiceChain, type Front } from './packet-choice.ts'
import type { MapName } from './packet-maps.ts'

/** The elements and chains that one Service needs. */
export type ServicePackets = {
  elements: readonly Element[]
  chains: readonly (readonly [name: string, rules: readonly string[]])[]
}

type Element = readonly [map: MapName, key: string, data: string | undefined]

/** Cached by machine and Service. */
export function servicePackets(service: RoutedService, machine: PacketMachine): ServicePackets {
  const ofMachine = made.get(machine) ?? new WeakMap<RoutedService, ServicePackets>()
  made.set(machine, ofMachine)
  const known = ofMachine.get(service) ?? packetsOf(service, machine)
  ofMachine.set(service, known)
  return known
}

/** All Services are visited whenever a pod changes. */
const made = new WeakMap<PacketMachine, WeakMap<RoutedService, ServicePackets>>()

function packetsOf(service: RoutedService, machine: PacketMachine): ServicePackets {
  const all = service.ports
    .filter(({ protocol }) => protocol !== 'SCTP')
    .flatMap((port) =>
      frontends(service, port, machine).map((frontend) => ledFrom(frontend, port, service)),
    )
  return {
    elements: all.flatMap(({ elements }) => elements),
    chains: all.flatMap(({ chains }) => chains),
  }
}

/** The endpoint numbers for external clients begin here. */
const outsideOffset = 65_536

function ledFrom(
  { front, key, isOutside, isMasqueraded, endpoints }: Frontend,
  port: RoutedPort,
  { affinitySeconds }: RoutedService,
): ServicePackets {
  // A leaving endpoint keeps its TCP connections until it is gone; each datagram is a request of
  // its own.
  const kept = port.protocol === 'TCP' ? (port.unready ?? []) : []
  const served = [...port.endpoints, ...endpoints, ...kept].map(
    (endpoint): Element => [`${front}-served`, `${key} . ${targetOf(endpoint)}`, undefined],
  )
  const entry = entryOf(front, isOutside)
  if (endpoints.length === 0) {
    // For external clients there is no local endpoint, even if others exist.
    return { elements: isOutside ? [...served, [entry, key, 'accept']] : served, chains: [] }
  }
  const offset = isOutside ? outsideOffset : 0
  const count = endpoints.length
  const { name, rules } = choiceChain({ front, count, offset, isMasqueraded, affinitySeconds })
  const isSticky = affinitySeconds !== undefined
  const drawn = endpoints.flatMap((endpoint, index) =>
    drawnElements(front, `${key} . `, { endpoint, number: offset + index, isSticky }),
  )
  return { elements: [...served, [entry, key, `goto ${name}`], ...drawn], chains: [[name, rules]] }
}

type Drawn = { endpoint: RoutedEndpoint; number: number; isSticky: boolean }

/** The elements that map a number to an endpoint; with session affinity, through its id. */
function drawnElements(
  front: Front,
  prefix: string,
  { endpoint, number, isSticky }: Drawn,
): readonly Element[] {
  const { address } = endpoint
  const target = targetOf(endpoint)
  const hairpin: Element = ['hairpins', `${address} . ${address}`, undefined]
  if (!isSticky) return [hairpin, [`${front}-endpoints`, `${prefix}${number}`, target]]
  const id = endpointId(target)
  return [
    hairpin,
    [`${front}-endpoint-ids`, `${prefix}${number}`, id],
    [`${front}-endpoints`, `${prefix}${id}`, target],
  ]
}

const targetOf = ({ address, port }: RoutedEndpoint): string => `${address} . ${port}`

const entryOf = (front: Front, isOutside: boolean): MapName =>
  front === 'address'
    ? isOutside
      ? 'addresses-outside'
      : 'addresses'
    : isOutside
      ? 'node-ports-outside'
      : 'node-ports'

/** The id that a client with session affinity is bound to, which does not depend on other endpoints. */
const endpointId = (target: string): string => `0x${fnv1a32(target).toString(16).padStart(8, '0')}`
