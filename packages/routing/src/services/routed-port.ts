import { type Endpoint, type EndpointSlice, isIpv4, type ServicePort } from '@reckon/kubernetes'
import { compare } from '../compare.ts'

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

/** The port with the endpoints that the slices of its Service name. */
export function routedPort(port: ServicePort, slices: readonly EndpointSlice[]): RoutedPort {
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

/** A `ready` that is not told means yes (discovery.k8s.io/v1). */
export const isReady = ({ conditions }: Endpoint): boolean =>
  conditions?.ready !== false && conditions?.terminating !== true

/**
 * A terminating endpoint serves until it says otherwise; it is asked where nobody else is left (discovery.k8s.io/v1).
 */
const isLastResort = ({ conditions }: Endpoint): boolean =>
  conditions?.terminating === true && conditions.serving !== false

/** What no protocol is told of is TCP. */
export const protocolOf = (protocol: string | undefined): RoutedPort['protocol'] =>
  protocol === 'UDP' || protocol === 'SCTP' ? protocol : 'TCP'
