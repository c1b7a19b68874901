import {
  addressNumber,
  hasHealthPort,
  invalid,
  invalidValue,
  isIpAddress,
  isIpv4,
  parseCidr,
  type Service,
  type ServicePort,
  StatusError,
  services,
} from '@reckon/kubernetes'
import { settingsOf } from '../cluster.ts'
import type { Reservable } from '../reservation.ts'
import { freeAddress } from './address-pool.ts'
import type { KindRules, PrepareContext } from './kind-rules.ts'
import { hasAddress, hasNodePorts, withoutUseless } from './service-type.ts'

/** A Service's address and node ports are allocated unless chosen, and belong to it for as long as it exists. */
export const serviceRules: KindRules<Service> = {
  prepareCreate: (service, context) =>
    allotted({ ...service, status: { loadBalancer: {} } }, undefined, context),
  prepareUpdate: allotted,
  reservables: ({ spec }) => {
    const addresses = (spec.clusterIPs ?? []).filter(
      (address) => address !== 'None' && address !== '',
    )
    const ofPort = (nodePort: number | undefined, field: string): Reservable[] =>
      nodePort ? [{ pool: 'nodeports', value: String(nodePort), field }] : []
    return [
      ...addresses.map(
        (value): Reservable => ({ pool: 'clusterips', value, field: 'spec.clusterIPs' }),
      ),
      ...(spec.ports ?? []).flatMap(({ nodePort }, index) =>
        ofPort(nodePort, `spec.ports[${index}].nodePort`),
      ),
      ...ofPort(spec.healthCheckNodePort, healthPortField),
    ]
  },
}

const healthPortField = 'spec.healthCheckNodePort'

function allotted(wanted: Service, before: Service | undefined, context: PrepareContext): Service {
  const service = before ? withoutUseless(wanted, before) : wanted
  const { spec } = service
  if (!hasAddress(spec)) return service
  const chosen = spec.clusterIP
  // Contradicting fields are reported by validation.
  if (!before && spec.clusterIPs?.length && spec.clusterIPs[0] !== chosen) return service
  const clusterIP = chosen || before?.spec.clusterIP || freeClusterIP(context)
  if (chosen && chosen !== before?.spec.clusterIP) checkAddress(service, chosen, context)
  const [, ...others] = spec.clusterIPs ?? []
  const ports = hasNodePorts(spec) ? withNodePorts(service, before, context) : (spec.ports ?? [])
  const given = { ...spec, clusterIP, clusterIPs: [clusterIP, ...others], ports }
  return withHealthPort({ ...service, spec: given }, before, context)
}

/** The health check port for load balancers: the requested one, the previous one, or a free one. */
function withHealthPort(
  service: Service,
  before: Service | undefined,
  context: PrepareContext,
): Service {
  const { spec } = service
  if (!hasHealthPort(spec)) return service
  const earlier = before?.spec.healthCheckNodePort
  const chosen = spec.healthCheckNodePort || undefined
  const own = new Set((spec.ports ?? []).map(({ nodePort }) => nodePort))
  if (chosen !== undefined && chosen !== earlier) {
    checkRange(service, { field: healthPortField, chosen }, context)
    if (own.has(chosen)) throw invalidPort(service, healthPortField, `${chosen}: ${alreadyHeld}`)
  }
  const healthCheckNodePort = chosen ?? earlier ?? freeNodePort(context, own)
  return { ...service, spec: { ...spec, healthCheckNodePort } }
}

/** A requested address must be in the Services' range, and neither the network nor the broadcast address. */
function checkAddress(service: Service, chosen: string, context: PrepareContext): void {
  // `None` is no address; a malformed one is reported by the kind's validation.
  if (!isIpAddress(chosen)) return
  const { serviceCidr } = settingsOf(context)
  const { first, size } = parseCidr(serviceCidr)
  const index = isIpv4(chosen) ? addressNumber(chosen) - first : -1
  if (index > 0 && index < size - 1) return
  const why = `the provided IP (${chosen}) is not in the valid range. The range of valid IPs is ${serviceCidr}`
  const detail = `failed to allocate IP ${chosen}: ${why}`
  throw invalid(services, service.metadata.name, [
    invalidValue('spec.clusterIPs', [chosen], detail),
  ])
}

function freeClusterIP(context: PrepareContext): string {
  const cidr = settingsOf(context).serviceCidr
  const isTaken = (value: string) => context.holderOf({ pool: 'clusterips', value }) !== undefined
  return freeAddress(cidr, isTaken, context.ids)
}

/**
 * Each port with its node port: the requested one, the previous one, or one that no other Service and no other port of
 * this one has.
 */
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
  own.add(service.spec.healthCheckNodePort)
  return ports.map((port) => {
    if (port.nodePort !== undefined) {
      if (port.nodePort !== nodePortBefore(before, port))
        checkRange(service, { field: 'spec.ports[0].nodePort', chosen: port.nodePort }, context)
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

function checkRange(
  service: Service,
  { field, chosen }: { field: string; chosen: number },
  context: PrepareContext,
): void {
  const [first, last] = settingsOf(context).nodePorts
  if (chosen >= first && chosen <= last) return
  const why = `provided port is not in the valid range. The range of valid ports is ${first}-${last}`
  throw invalidPort(service, field, `${chosen}: ${why}`)
}

const alreadyHeld = 'provided port is already allocated'

const invalidPort = ({ metadata }: Service, field: string, why: string): StatusError =>
  invalid(services, metadata.name, [
    { reason: 'FieldValueInvalid', field, message: `Invalid value: ${why}` },
  ])

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
