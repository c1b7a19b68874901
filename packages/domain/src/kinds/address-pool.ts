import type { Ids } from '@reckon/eventing'
import { addressText, parseCidr, StatusError } from '@reckon/kubernetes'

/**
 * A free address of the range, starting at a random one. The first sixteen are left to those who ask for a particular
 * address (10.96.0.1 is the API's own), as Kubernetes keeps a lower band; the network and broadcast addresses are never
 * used.
 */
export function freeAddress(cidr: string, isTaken: (address: string) => boolean, ids: Ids): string {
  const { first, size } = parseCidr(cidr)
  const reserved = Math.min(16, Math.floor(size / 4))
  const count = size - reserved - 1
  const start = ids.below(count)
  for (let i = 0; i < count; i++) {
    const address = addressText(first + reserved + ((start + i) % count))
    if (!isTaken(address)) return address
  }
  throw new StatusError('InternalError', `all addresses of ${cidr} are allocated`)
}
