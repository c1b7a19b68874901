import { memoryBytes } from '@reckon/kubernetes'

/** So much must be left of what a node has: bytes, or a share of all there is. */
export type Threshold = { bytes: number } | { share: number }

/** What must be left of the node's memory, and of the disk of images and of what containers write. */
export type Thresholds = { memory?: Threshold; disk?: Threshold }

/**
 * Reads what a kubelet's `--eviction-hard` says: `memory.available<100Mi,nodefs.available<10%`; of what it does not
 * name nothing need be left. Throws on what it does not know.
 */
export function parseThresholds(text: string): Thresholds {
  const parts = text === '' ? [] : text.split(',')
  return Object.assign({}, ...parts.map(parseThreshold))
}

function parseThreshold(text: string): Thresholds {
  const [, signal, amount = '', unit] =
    /^(memory|nodefs)\.available<(\d[^%]*)(%?)$/.exec(text) ?? []
  if (signal === undefined) {
    const forms = 'memory.available<100Mi or nodefs.available<10%'
    throw new Error(`"${text}" is no threshold of evictions, such as ${forms}`)
  }
  const threshold = unit === '%' ? { share: Number(amount) / 100 } : { bytes: memoryBytes(amount) }
  return signal === 'memory' ? { memory: threshold } : { disk: threshold }
}

/** How much must be left where there is so much. */
export const bytesOf = (threshold: Threshold, capacityBytes: number): number =>
  'bytes' in threshold ? threshold.bytes : threshold.share * capacityBytes
