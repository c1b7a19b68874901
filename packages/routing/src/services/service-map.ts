import {
  type EndpointSlice,
  hasHealthPort,
  isIpv4,
  objectKey,
  type Service,
  serviceNameLabel,
} from '@reckon/kubernetes'
import { compare } from '../compare.ts'
import { hasSameElements } from '../same-elements.ts'
import { type NamedEndpoint, namedEndpoints } from './named-endpoints.ts'
import { type RoutedPort, routedPort } from './routed-port.ts'

/** A Service as used for packets, DNS and the edge. IPv4 only. */
export type RoutedService = {
  namespace: string
  name: string
  /** Empty for a headless Service and for an ExternalName. */
  clusterIPs: readonly string[]
  /** Only for an ExternalName, which has neither addresses nor endpoints. */
  externalName?: string
  /**
   * External addresses on which it answers at its own ports: those of machines (`type: LoadBalancer`) and its
   * `externalIPs`.
   */
  outsideIPs?: readonly string[]
  /** How long a client keeps its endpoint (`sessionAffinity: ClientIP`). */
  affinitySeconds?: number
  /** Internal connections only go to endpoints on the client's machine (`internalTrafficPolicy`). */
  isInternalLocal?: true
  /**
   * External connections only go to endpoints on the machine that they reach, and keep their source address
   * (`externalTrafficPolicy`).
   */
  isExternalLocal?: true
  /** The port at which load balancers ask a machine whether it has pods of the Service. */
  healthPort?: number
  ports: readonly RoutedPort[]
  endpoints: readonly NamedEndpoint[]
}

/** By `<namespace>/<name>`. */
export type ServiceMap = ReadonlyMap<string, RoutedService>

const affinitySecondsDefault = 10_800

/**
 * Joins Services with their EndpointSlices. Other than IPv4 addresses are left out, because they would break the rules
 * for all. An unchanged Service with the same slices is the identical object.
 */
export function serviceMap(
  services: readonly Service[],
  slices: readonly EndpointSlice[],
): ServiceMap {
  const slicesOf = new Map<string, EndpointSlice[]>()
  for (const slice of slices) {
    const key = serviceKeyOf(slice)
    if (key === undefined || slice.addressType !== 'IPv4') continue
    const known = slicesOf.get(key)
    if (known) known.push(slice)
    else slicesOf.set(key, [slice])
  }
  const routed = services.map((service) => {
    const key = objectKey(service.metadata)
    return [key, routedService(service, slicesOf.get(key) ?? [])] as const
  })
  return new Map(routed.sort(([a], [b]) => compare(a, b)))
}

/** The key of a slice's Service. */
export function serviceKeyOf({ metadata }: EndpointSlice): string | undefined {
  const name = metadata.labels?.[serviceNameLabel]
  return name === undefined ? undefined : objectKey({ namespace: metadata.namespace, name })
}

function routedService(service: Service, slices: readonly EndpointSlice[]): RoutedService {
  const known = made.get(service)
  if (known && hasSameElements(known.slices, slices)) return known.routed
  const routed = joined(service, slices)
  made.set(service, { slices, routed })
  return routed
}

/** Cached, because all Services are visited whenever a pod changes. */
const made = new WeakMap<Service, { slices: readonly EndpointSlice[]; routed: RoutedService }>()

function joined(service: Service, slices: readonly EndpointSlice[]): RoutedService {
  const { spec, metadata } = service
  const identity = { namespace: metadata.namespace ?? '', name: metadata.name }
  if (spec.type === 'ExternalName') {
    const externalName = spec.externalName ?? ''
    const ports = (spec.ports ?? []).map((port) => routedPort(port, []))
    return { ...identity, externalName, clusterIPs: [], ports, endpoints: [] }
  }
  const addresses = spec.clusterIPs ?? (spec.clusterIP ? [spec.clusterIP] : [])
  const affinitySeconds =
    spec.sessionAffinity === 'ClientIP'
      ? (spec.sessionAffinityConfig?.clientIP?.timeoutSeconds ?? affinitySecondsDefault)
      : undefined
  const outsideIPs = outsideAddresses(service)
  return {
    ...identity,
    clusterIPs: addresses.filter(isIpv4),
    ...(outsideIPs.length > 0 && { outsideIPs }),
    ...(affinitySeconds !== undefined && { affinitySeconds }),
    ...(spec.internalTrafficPolicy === 'Local' && { isInternalLocal: true }),
    ...(spec.externalTrafficPolicy === 'Local' && { isExternalLocal: true }),
    ...(hasHealthPort(spec) &&
      spec.healthCheckNodePort && { healthPort: spec.healthCheckNodePort }),
    ports: (spec.ports ?? []).map((port) => routedPort(port, slices)),
    endpoints: namedEndpoints(slices),
  }
}

function outsideAddresses({ spec, status }: Service): string[] {
  const balanced = spec.type === 'LoadBalancer' ? (status?.loadBalancer?.ingress ?? []) : []
  const all = [...balanced.map(({ ip = '' }) => ip), ...(spec.externalIPs ?? [])]
  return [...new Set(all.filter(isIpv4))]
}
