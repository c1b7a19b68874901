import { isInCidr } from '@reckon/kubernetes'
import type { RoutedEndpoint, RoutedPort } from '../services/routed-port.ts'
import type { RoutedService } from '../services/service-map.ts'
import type { Front } from './packet-choice.ts'

/** The machine that the rules are for. */
export type PacketMachine = {
  /** The nodes of this machine, whose pods are local. */
  nodes: ReadonlySet<string>
  serviceCidr: string
}

/** An entry point of a Service's port, and the endpoints behind it. */
export type Frontend = {
  front: Front
  /** `10.96.0.7 . tcp . 80` or `tcp . 30001` */
  key: string
  /** Whether it applies only to clients outside the cluster. */
  isOutside: boolean
  /** Whether the endpoint sees this machine's address as source. */
  isMasqueraded: boolean
  endpoints: readonly RoutedEndpoint[]
}

/** All entry points of a port. */
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
    // Masqueraded, so that answers return through this machine wherever the endpoint is.
    const all = { front, key, isOutside: false, isMasqueraded: true, endpoints: port.endpoints }
    if (!service.isExternalLocal) return [all]
    return [all, { ...all, isOutside: true, isMasqueraded: false, endpoints: local }]
  }
  // An address in the range of Services is never a machine's, whatever a status says.
  const outside = (service.outsideIPs ?? []).filter((ip) => !isInCidr(ip, serviceCidr))
  return [
    ...service.clusterIPs.map((ip) => ({ ...inside, key: `${ip} . ${protocol} . ${port.port}` })),
    ...outside.flatMap((ip) => external('address', `${ip} . ${protocol} . ${port.port}`)),
    ...(port.nodePort === undefined ? [] : external('node-port', `${protocol} . ${port.nodePort}`)),
  ]
}

/** The local endpoints: the ready ones, or else terminating ones that still serve. */
function localOf(port: RoutedPort, nodes: ReadonlySet<string>): readonly RoutedEndpoint[] {
  const isLocal = ({ node }: RoutedEndpoint) => node !== undefined && nodes.has(node)
  const local = port.endpoints.filter(isLocal)
  if (local.length > 0) return local
  return (port.unready ?? []).filter((each) => each.isServing && isLocal(each))
}
