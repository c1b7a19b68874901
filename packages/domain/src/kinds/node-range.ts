import { addressText, parseCidr } from '@reckon/kubernetes'
import { settingsOf } from '../cluster.ts'
import type { PrepareContext } from './kind-rules.ts'

/**
 * A free pod address range of the cluster for a node; undefined where none is left. For a node whose name ends in a
 * number the search starts there, so that nodes that register at the same time ask for different ranges, and one that
 * comes back gets the same; for others it starts at random. The cluster's first range, which has the gateways of the
 * pods, is used last.
 */
export function freeNodeRange(name: string, context: PrepareContext): string | undefined {
  const { clusterCidr, nodeCidrMaskSize } = settingsOf(context)
  const cluster = parseCidr(clusterCidr)
  const size = 2 ** (32 - nodeCidrMaskSize)
  const count = Math.floor(cluster.size / size)
  const rangeAt = (index: number) =>
    `${addressText(cluster.first + index * size)}/${nodeCidrMaskSize}`
  const spread = Math.max(1, count - 1)
  const [, number] = /(\d{1,9})$/.exec(name) ?? []
  const start =
    number === undefined ? context.ids.below(spread) : (Number(number) + spread - 1) % spread
  for (let i = 0; i < spread; i++) {
    const index = 1 + ((start + i) % spread)
    if (index < count && isFree(rangeAt(index), context)) return rangeAt(index)
  }
  return isFree(rangeAt(0), context) ? rangeAt(0) : undefined
}

/** The canonical form: `10.244.1.0/24` for `10.244.1.7/24`. */
export const canonicalRange = (cidr: string): string =>
  `${addressText(parseCidr(cidr).first)}/${cidr.split('/')[1]}`

/** Whether nobody holds the range, or a larger one around it, which only a client can have chosen. */
function isFree(range: string, { holderOf }: PrepareContext): boolean {
  const [address, bits] = range.split('/')
  for (let prefix = Number(bits); prefix > 0; prefix--) {
    const value = canonicalRange(`${address}/${prefix}`)
    if (holderOf({ pool: 'podcidrs', value })) return false
  }
  return true
}
