import { type Endpoint, type EndpointSlice, isIpv4, type ServicePort } from '@reckon/kubernetes'
import { compare } from '../compare.ts'

/** An IPv4 address and port. */
export type SocketAddress = { address: string; port: number }

/** An endpoint, and its node if known. */
export type RoutedEndpoint = SocketAddress & { node?: string }

/** An endpoint that is not ready; it may still serve while terminating. */
type UnreadyEndpoint = RoutedEndpoint & { isServing: boolean }

/** A Service port and its endpoints, in a stable order. */
export type RoutedPort = {
  name: string
  protocol: 'TCP' | 'UDP' | 'SCTP'
  port: number
  nodePort?: number
  appProtocol?: string
  /** The endpoints that get connections: the ready ones, or else terminating ones that still serve. */
  endpoints: readonly RoutedEndpoint[]
  /** Endpoints that get no new connections but keep theirs. */
  unready?: readonly UnreadyEndpoint[]
}

/** Combines a port with the endpoints in the Service's slices. */
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

/** Divides endpoints into those that get new connections and those that only keep old ones. */
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

/** An absent `ready` means true (discovery.k8s.io/v1). */
export const isReady = ({ conditions }: Endpoint): boolean =>
  conditions?.ready !== false && conditions?.terminating !== true

/** A terminating endpoint serves unless it says otherwise; it is used where there is no other (discovery.k8s.io/v1). */
const isLastResort = ({ conditions }: Endpoint): boolean =>
  conditions?.terminating === true && conditions.serving !== false

/** The default protocol is TCP. */
export const protocolOf = (protocol: string | undefined): RoutedPort['protocol'] =>
  protocol === 'UDP' || protocol === 'SCTP' ? protocol : 'TCP'
