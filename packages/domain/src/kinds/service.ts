import { invalid, type Service, type ServicePort, StatusError, services } from '@reckon/kubernetes'
import { settingsOf } from '../cluster.ts'
import type { Reservable } from '../reservation.ts'
import { freeAddress } from './address-pool.ts'
import type { KindRules, PrepareContext } from './kind-rules.ts'

/** A Service's address and node ports are allotted unless chosen, and are its own while it lives. */
export const serviceRules: KindRules<Service> = {
  prepareCreate: (service, context) =>
    allotted({ ...service, status: { loadBalancer: {} } }, undefined, context),
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

function allotted(service: Service, before: Service | undefined, context: PrepareContext): Service {
  const { spec } = service
  if (spec.type === 'ExternalName') {
    const { clusterIP: _, clusterIPs: __, ...rest } = spec
    return { ...service, spec: rest }
  }
  const clusterIP = spec.clusterIP || before?.spec.clusterIP || freeClusterIP(context)
  const wantsNodePorts = spec.type === 'NodePort' || spec.type === 'LoadBalancer'
  const ports = wantsNodePorts
    ? withNodePorts(service, before, context)
    : (spec.ports ?? []).map(withoutNodePort)
  return { ...service, spec: { ...spec, clusterIP, clusterIPs: [clusterIP], ports } }
}

function freeClusterIP(context: PrepareContext): string {
  const cidr = settingsOf(context).serviceCidr
  const isTaken = (value: string) => context.holderOf({ pool: 'clusterips', value }) !== undefined
  return freeAddress(cidr, isTaken, context.ids)
}

/** Each port with the node port that it asks for or had, or one that neither another Service has nor another port of this. */
function withNodePorts(
  service: Service,
  before: Service | undefined,
  context: PrepareContext,
): ServicePort[] {
  const ports = (service.spec.ports ?? []).map((port) => {
    const nodePort = port.nodePort ?? nodePortBefore(before, port)
    return { ...port, ...(nodePort !== undefined && { nodePort }) }
  })
  const own = new Set(ports.map(({ nodePort }) => nodePort))
  return ports.map((port) => {
    if (port.nodePort !== undefined) {
      if (port.nodePort !== nodePortBefore(before, port))
        checkRange(service, port.nodePort, context)
      return port
    }
    const nodePort = freeNodePort(context, own)
    own.add(nodePort)
    return { ...port, nodePort }
  })
}

const nodePortBefore = (before: Service | undefined, wanted: ServicePort): number | undefined =>
  before?.spec.ports?.find(
    ({ port, protocol }) => port === wanted.port && protocol === wanted.protocol,
  )?.nodePort

function checkRange(service: Service, chosen: number, context: PrepareContext): void {
  const [first, last] = settingsOf(context).nodePorts
  if (chosen >= first && chosen <= last) return
  throw invalid(services, service.metadata.name, [
    {
      reason: 'FieldValueInvalid',
      field: 'spec.ports[0].nodePort',
      message: `Invalid value: ${chosen}: provided port is not in the valid range. The range of valid ports is ${first}-${last}`,
    },
  ])
}

function freeNodePort(context: PrepareContext, own: ReadonlySet<number | undefined>): number {
  const [first, last] = settingsOf(context).nodePorts
  const count = last - first + 1
  const start = context.ids.below(count)
  for (let i = 0; i < count; i++) {
    const port = first + ((start + i) % count)
    const isTaken = own.has(port) || context.holderOf({ pool: 'nodeports', value: String(port) })
    if (!isTaken) return port
  }
  throw new StatusError('InternalError', `all node ports from ${first} to ${last} are allocated`)
}

const withoutNodePort = ({ nodePort: _, ...port }: ServicePort): ServicePort => port
