import { isInCidr } from '@reckon/kubernetes'
import type { RoutedEndpoint, RoutedPort } from '../services/routed-port.ts'
import type { RoutedService } from '../services/service-map.ts'
import type { Front } from './packet-choice.ts'

/** Whose rules these are. */
export type PacketMachine = {
  /** The nodes that are on this machine: their pods are local to it. */
  nodes: ReadonlySet<string>
  serviceCidr: string
}

/** Where connections to a port of a Service come in, and to which endpoints they are led from there. */
export type Frontend = {
  front: Front
  /** `10.96.0.7 . tcp . 80` or `tcp . 30001` */
  key: string
  /** Seen by all, or only by clients from outside of the cluster. */
  isOutside: boolean
  /** The endpoint sees this machine's address. */
  isMasqueraded: boolean
  endpoints: readonly RoutedEndpoint[]
}

/** All of one port. */
export function frontends(
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
