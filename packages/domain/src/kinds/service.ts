import {
  invalid,
  resourceNamed,
  type Service,
  type ServicePort,
  StatusError,
} from '@reckon/kubernetes'
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
  const ports = (spec.ports ?? []).map((port) =>
    wantsNodePorts ? withNodePort(service, port, before, surroundings) : withoutNodePort(port),
  )
  return { ...service, spec: { ...spec, clusterIP, clusterIPs: [clusterIP], ports } }
}

function freeClusterIP(surroundings: Surroundings): string {
  const cidr = settingsOf(surroundings).serviceCidr
  const isTaken = (value: string) =>
    surroundings.holderOf({ pool: 'clusterips', value }) !== undefined
  return freeAddress(cidr, isTaken, surroundings.ids)
}

function withNodePort(
  service: Service,
  port: ServicePort,
  before: Service | undefined,
  surroundings: Surroundings,
): ServicePort {
  const kept = before?.spec.ports?.find(
    (earlier) => earlier.port === port.port && earlier.protocol === port.protocol,
  )?.nodePort
  const [first, last] = settingsOf(surroundings).nodePorts
  const chosen = port.nodePort ?? kept
  if (chosen !== undefined && chosen !== kept && (chosen < first || chosen > last)) {
    throw invalid(resourceNamed('services'), service.metadata.name, [
      {
        reason: 'FieldValueInvalid',
        field: 'spec.ports[0].nodePort',
        message: `Invalid value: ${chosen}: provided port is not in the valid range. The range of valid ports is ${first}-${last}`,
      },
    ])
  }
  return { ...port, nodePort: chosen ?? freeNodePort(surroundings) }
}

function freeNodePort(surroundings: Surroundings): number {
  const [first, last] = settingsOf(surroundings).nodePorts
  const count = last - first + 1
  const start = surroundings.ids.below(count)
  for (let i = 0; i < count; i++) {
    const port = first + ((start + i) % count)
    if (!surroundings.holderOf({ pool: 'nodeports', value: String(port) })) return port
  }
  throw new StatusError('InternalError', `all node ports from ${first} to ${last} are allocated`)
}

const withoutNodePort = ({ nodePort: _, ...port }: ServicePort): ServicePort => port
