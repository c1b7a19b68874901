import { addressText, parseCidr } from '@reckon/kubernetes'
import { settingsOf } from '../cluster.ts'
import type { PrepareContext } from './kind-rules.ts'

/**
 * A range of pods' addresses for a node, out of the cluster's, that nobody holds; undefined where none is left. A node
 * whose name ends in a number begins to look there, so that many that come at once ask for different ones, and one that
 * comes again gets what it had; others begin somewhere. The cluster's first range, in which the pods' gateways have
 * their address, is the last to be given.
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

/** The range in its one form: `10.244.1.0/24` for `10.244.1.7/24`. */
export const canonicalRange = (cidr: string): string =>
  `${addressText(parseCidr(cidr).first)}/${cidr.split('/')[1]}`

/** Whether nobody holds the range, or a greater one with it inside, which only a client can have chosen. */
function isFree(range: string, { holderOf }: PrepareContext): boolean {
  const [address, bits] = range.split('/')
  for (let prefix = Number(bits); prefix > 0; prefix--) {
    const value = canonicalRange(`${address}/${prefix}`)
    if (holderOf({ pool: 'podcidrs', value })) return false
  }
  return true
}
