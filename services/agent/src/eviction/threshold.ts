import { memoryBytes } from '@reckon/kubernetes'

/** So much must be left of a node's memory: bytes, or a share of all there is. */
export type Threshold = { bytes: number } | { share: number }

/**
 * Reads what a kubelet's `--eviction-hard` says of memory: `memory.available<100Mi`, `memory.available<5%`; undefined where it
 * is empty. Throws on what it does not know.
 */
export function parseThreshold(text: string): Threshold | undefined {
  if (text === '') return undefined
  const [, amount = '', unit] = /^memory\.available<(\d[^%]*)(%?)$/.exec(text) ?? []
  if (amount === '') {
    const forms = 'memory.available<100Mi or memory.available<5%'
    throw new Error(`"${text}" is no threshold of evictions, such as ${forms}`)
  }
  return unit === '%' ? { share: Number(amount) / 100 } : { bytes: memoryBytes(amount) }
}

/** How much must be left where there is so much. */
export const bytesOf = (threshold: Threshold, capacityBytes: number): number =>
  'bytes' in threshold ? threshold.bytes : threshold.share * capacityBytes
