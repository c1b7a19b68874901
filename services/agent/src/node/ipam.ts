import { addressNumber, addressText, parseCidr } from '@reckon/kubernetes'

/**
 * The next free address after the one given last, cyclically, so that a freed address is not reused at once. The
 * network address, the first host address and the broadcast address are never given. Undefined when all are in use.
 */
export function nextAddress(
  podCidr: string,
  taken: ReadonlySet<string>,
  last: string | undefined,
): string | undefined {
  const range = parseCidr(podCidr)
  const first = range.first + 2
  const count = range.size - 3
  const start = last === undefined ? 0 : addressNumber(last) - first + 1
  for (let offset = 0; offset < count; offset++) {
    const address = addressText(first + ((start + offset + count) % count))
    if (!taken.has(address)) return address
  }
  return undefined
}
