/** `10.244.1.7` as a number, so that addresses can be counted. */
export function addressNumber(address: string): number {
  return address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)
}

/** The address of a number. */
export function addressText(number: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join('.')
}

/** The first and the last address of a CIDR. */
export function rangeOf(cidr: string): { first: number; last: number } {
  const [base = '', prefix = '32'] = cidr.split('/')
  const size = 2 ** (32 - Number(prefix))
  const first = Math.floor(addressNumber(base) / size) * size
  return { first, last: first + size - 1 }
}

/** The address of the pods' gateway: the first one behind the network's own. */
export function gatewayOf(clusterCidr: string): string {
  return addressText(rangeOf(clusterCidr).first + 1)
}

/**
 * The next free address of a node behind the one given last, round and round, so that an address just given back
 * is not used again at once. The network's own, the first behind it and the broadcast address are never given.
 * Undefined when all are taken.
 */
export function nextAddress(
  podCidr: string,
  taken: ReadonlySet<string>,
  last: string | undefined,
): string | undefined {
  const range = rangeOf(podCidr)
  const first = range.first + 2
  const count = range.last - first
  const start = last === undefined ? 0 : addressNumber(last) - first + 1
  for (let offset = 0; offset < count; offset++) {
    const address = addressText(first + ((start + offset + count) % count))
    if (!taken.has(address)) return address
  }
  return undefined
}
