import { type EndpointSlice, isIpv4 } from '@reckon/kubernetes'
import { compare } from '../compare.ts'
import { isReady, protocolOf } from './routed-port.ts'

/** A ready pod with its DNS name. */
export type NamedEndpoint = { address: string; hostname: string; ports: readonly NamedPort[] }
type NamedPort = { name: string; protocol: string; port: number }

/** The named endpoints of a Service's slices, each address once. */
export function namedEndpoints(slices: readonly EndpointSlice[]): NamedEndpoint[] {
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
