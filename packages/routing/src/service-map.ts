import {
  type Endpoint,
  type EndpointSlice,
  hasHealthPort,
  isIpv4,
  objectKey,
  type Service,
  type ServicePort,
  serviceNameLabel,
} from '@reckon/kubernetes'
import { hasSameElements } from './same-elements.ts'

/** An IPv4 address with a port: where a connection ends. */
export type SocketAddress = { address: string; port: number }

/** An endpoint, and the node on which it is, where that is known. */
export type RoutedEndpoint = SocketAddress & { node?: string }

/** An endpoint that is not ready; it serves while it terminates, or not at all. */
type UnreadyEndpoint = RoutedEndpoint & { isServing: boolean }

/** One port of a Service and the endpoints behind it, in a stable order. */
export type RoutedPort = {
  name: string
  protocol: 'TCP' | 'UDP' | 'SCTP'
  port: number
  nodePort?: number
  appProtocol?: string
  /** What gets connections: the ready ones; where none is ready, those that terminate and still serve. */
  endpoints: readonly RoutedEndpoint[]
  /** What gets no new ones and keeps those that it has. */
  unready?: readonly UnreadyEndpoint[]
}

/** A ready pod as the cluster's DNS names it. */
type NamedEndpoint = { address: string; hostname: string; ports: readonly NamedPort[] }
type NamedPort = { name: string; protocol: string; port: number }

/** One Service as packets, names and the edge see it. IPv4 only. */
export type RoutedService = {
  namespace: string
  name: string
  /** Empty for a headless Service and for an ExternalName. */
  clusterIPs: readonly string[]
  /** Present for an ExternalName only; such a Service has neither address nor endpoints. */
  externalName?: string
  /** Addresses from outside on which it answers under its own ports: machines' (`type: LoadBalancer`) and its `externalIPs`. */
  outsideIPs?: readonly string[]
  /** One client keeps to one endpoint (`sessionAffinity: ClientIP`) for so long. */
  affinitySeconds?: number
  /** Connections from inside go to endpoints of the client's machine only (`internalTrafficPolicy`). */
  isInternalLocal?: true
  /** Those from outside to endpoints of the machine that they reach, and show who asks (`externalTrafficPolicy`). */
  isExternalLocal?: true
  /** Where balancers ask a machine whether it has pods of the Service. */
  healthPort?: number
  ports: readonly RoutedPort[]
  endpoints: readonly NamedEndpoint[]
}

/** By `<namespace>/<name>`. */
export type ServiceMap = ReadonlyMap<string, RoutedService>

const affinitySecondsDefault = 10_800

/**
 * Joins Services with their EndpointSlices. What is no IPv4 address is left out, for it would hold up all others. A Service
 * that is as it was, with the same slices, is the same object.
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

/** The key of the Service that a slice has endpoints of. */
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

/** All Services are gone through whenever a pod changes. */
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

function routedPort(port: ServicePort, slices: readonly EndpointSlice[]): RoutedPort {
  const name = port.name ?? ''
  const protocol = protocolOf(port.protocol)
  const ready = new Map<string, RoutedEndpoint>()
  const unready = new Map<string, UnreadyEndpoint>()
  for (const slice of slices) {
    const target = slice.ports?.find(
      (candidate) => (candidate.name ?? '') === name && protocolOf(candidate.protocol) === protocol,
    )?.port
    if (target === undefined) continue
    for (const endpoint of slice.endpoints ?? []) {
      for (const address of endpoint.addresses.filter(isIpv4)) {
        const { nodeName } = endpoint
        const routed = { address, port: target, ...(nodeName && { node: nodeName }) }
        if (isReady(endpoint)) ready.set(`${address}:${target}`, routed)
        else unready.set(`${address}:${target}`, { ...routed, isServing: isLastResort(endpoint) })
      }
    }
  }
  return {
    name,
    protocol,
    port: port.port,
    ...(port.nodePort ? { nodePort: port.nodePort } : {}),
    ...(port.appProtocol ? { appProtocol: port.appProtocol } : {}),
    ...chosen(ready, unready),
  }
}

/** Who gets new connections, and who only keeps the old ones. */
function chosen(
  ready: ReadonlyMap<string, RoutedEndpoint>,
  known: ReadonlyMap<string, UnreadyEndpoint>,
): Pick<RoutedPort, 'endpoints' | 'unready'> {
  const unready = inOrder(new Map([...known].filter(([key]) => !ready.has(key))))
  if (ready.size > 0) {
    return { endpoints: inOrder(ready), ...(unready.length > 0 && { unready }) }
  }
  const resting = unready.filter(({ isServing }) => !isServing)
  const endpoints = unready.flatMap(({ isServing, ...each }) => (isServing ? [each] : []))
  return { endpoints, ...(resting.length > 0 && { unready: resting }) }
}

const inOrder = <T>(endpoints: ReadonlyMap<string, T>): T[] =>
  [...endpoints].sort(([a], [b]) => compare(a, b)).map(([, endpoint]) => endpoint)

function namedEndpoints(slices: readonly EndpointSlice[]): NamedEndpoint[] {
  const endpoints = new Map<string, NamedEndpoint>()
  for (const slice of slices) {
    const ports = (slice.ports ?? []).flatMap(({ name, protocol, port }) =>
      port === undefined ? [] : [{ name: name ?? '', protocol: protocolOf(protocol), port }],
    )
    for (const endpoint of slice.endpoints ?? []) {
      if (!isReady(endpoint)) continue
      for (const address of endpoint.addresses.filter(isIpv4)) {
        const hostname = endpoint.hostname ?? address.replaceAll('.', '-')
        const known = endpoints.get(address)?.ports ?? []
        endpoints.set(address, { address, hostname, ports: [...known, ...ports] })
      }
    }
  }
  return [...endpoints.values()].sort((a, b) => compare(a.address, b.address))
}

/** A `ready` that is not told means yes (discovery.k8s.io/v1). */
const isReady = ({ conditions }: Endpoint): boolean =>
  conditions?.ready !== false && conditions?.terminating !== true

/** A terminating endpoint serves until it says otherwise; it is asked where nobody else is left (discovery.k8s.io/v1). */
const isLastResort = ({ conditions }: Endpoint): boolean =>
  conditions?.terminating === true && conditions.serving !== false

const protocolOf = (protocol: string | undefined): RoutedPort['protocol'] =>
  protocol === 'UDP' || protocol === 'SCTP' ? protocol : 'TCP'

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
