import type { Ids } from '@reckon/eventing'
import { StatusError } from '@reckon/kubernetes'

/** `10.96.0.0/16` as its first address and how many it has. */
export function parseCidr(cidr: string): { first: number; size: number } {
  const [address = '', bits = ''] = cidr.split('/')
  const size = 2 ** (32 - Number(bits))
  const first = address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)
  if (!Number.isInteger(size) || !Number.isInteger(first)) throw new Error(`not a CIDR: ${cidr}`)
  return { first: first - (first % size), size }
}

export const formatAddress = (address: number): string =>
  [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join('.')

/**
 * A free address of the range, from a random place on. The first sixteen are for those who ask by number (10.96.0.1
 * is the API's own), as Kubernetes keeps a lower band; the network's and the broadcast address are nobody's.
 */
export function freeAddress(cidr: string, isTaken: (address: string) => boolean, ids: Ids): string {
  const { first, size } = parseCidr(cidr)
  const reserved = Math.min(16, Math.floor(size / 4))
  const count = size - reserved - 1
  const start = ids.below(count)
  for (let i = 0; i < count; i++) {
    const address = formatAddress(first + reserved + ((start + i) % count))
    if (!isTaken(address)) return address
  }
  throw new StatusError('InternalError', `all addresses of ${cidr} are allocated`)
}
