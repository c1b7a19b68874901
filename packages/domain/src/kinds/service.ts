import { invalid, type Service, type ServicePort, StatusError, services } from '@reckon/kubernetes'
import { settingsOf } from '../cluster.ts'
import type { Reservable } from '../reservation.ts'
import { freeAddress } from './address-pool.ts'
import type { KindRules, Surroundings } from './kind-rules.ts'

/** A Service's address and node ports are allotted unless chosen, and are its own while it lives. */
export const serviceRules: KindRules<Service> = {
  prepareCreate: (service, surroundings) =>
    allotted({ ...service, status: { loadBalancer: {} } }, undefined, surroundings),
  prepareUpdate: allotted,
  reservables: ({ spec }) => {
    const addresses = (spec.clusterIPs ?? []).filter(
      (address) => address !== 'None' && address !== '',
    )
    return [
      ...addresses.map(
        (value): Reservable => ({ pool: 'clusterips', value, field: 'spec.clusterIPs' }),
      ),
      ...(spec.ports ?? []).flatMap(({ nodePort }, index): Reservable[] =>
        nodePort
          ? [{ pool: 'nodeports', value: String(nodePort), field: `spec.ports[${index}].nodePort` }]
          : [],
      ),
    ]
  },
}

function allotted(
  service: Service,
  before: Service | undefined,
  surroundings: Surroundings,
): Service {
  const { spec } = service
  if (spec.type === 'ExternalName') {
    const { clusterIP: _, clusterIPs: __, ...rest } = spec
    return { ...service, spec: rest }
  }
  const clusterIP = spec.clusterIP || before?.spec.clusterIP || freeClusterIP(surroundings)
  const wantsNodePorts = spec.type === 'NodePort' || spec.type === 'LoadBalancer'
  const ports = wantsNodePorts
    ? withNodePorts(service, before, surroundings)
    : (spec.ports ?? []).map(withoutNodePort)
  return { ...service, spec: { ...spec, clusterIP, clusterIPs: [clusterIP], ports } }
}

function freeClusterIP(surroundings: Surroundings): string {
  const cidr = settingsOf(surroundings).serviceCidr
  const isTaken = (value: string) =>
    surroundings.holderOf({ pool: 'clusterips', value }) !== undefined
  return freeAddress(cidr, isTaken, surroundings.ids)
}

/** Each port with the node port that it asks for or had, or one that neither another Service has nor another port of this. */
function withNodePorts(
  service: Service,
  before: Service | undefined,
  surroundings: Surroundings,
): ServicePort[] {
  const ports = (service.spec.ports ?? []).map((port) => {
    const nodePort = port.nodePort ?? nodePortBefore(before, port)
    return { ...port, ...(nodePort !== undefined && { nodePort }) }
  })
  const own = new Set(ports.map(({ nodePort }) => nodePort))
  return ports.map((port) => {
    if (port.nodePort !== undefined) {
      if (port.nodePort !== nodePortBefore(before, port))
        checkRange(service, port.nodePort, surroundings)
      return port
    }
    const nodePort = freeNodePort(surroundings, own)
    own.add(nodePort)
    return { ...port, nodePort }
  })
}

const nodePortBefore = (before: Service | undefined, wanted: ServicePort): number | undefined =>
  before?.spec.ports?.find(
    ({ port, protocol }) => port === wanted.port && protocol === wanted.protocol,
  )?.nodePort

function checkRange(service: Service, chosen: number, surroundings: Surroundings): void {
  const [first, last] = settingsOf(surroundings).nodePorts
  if (chosen >= first && chosen <= last) return
  throw invalid(services, service.metadata.name, [
    {
      reason: 'FieldValueInvalid',
      field: 'spec.ports[0].nodePort',
      message: `Invalid value: ${chosen}: provided port is not in the valid range. The range of valid ports is ${first}-${last}`,
    },
  ])
}

function freeNodePort(surroundings: Surroundings, own: ReadonlySet<number | undefined>): number {
  const [first, last] = settingsOf(surroundings).nodePorts
  const count = last - first + 1
  const start = surroundings.ids.below(count)
  for (let i = 0; i < count; i++) {
    const port = first + ((start + i) % count)
    const isTaken =
      own.has(port) || surroundings.holderOf({ pool: 'nodeports', value: String(port) })
    if (!isTaken) return port
  }
  throw new StatusError('InternalError', `all node ports from ${first} to ${last} are allocated`)
}

const withoutNodePort = ({ nodePort: _, ...port }: ServicePort): ServicePort => port
