import { memoryBytes } from '@reckon/kubernetes'

/** How much of a resource must be left: bytes, or a share of the total. */
export type Threshold = { bytes: number } | { share: number }

/** How much must be left of the memory, and of the disk of images and containers. */
export type Thresholds = { memory?: Threshold; disk?: Threshold }

/**
 * Parses a kubelet's `--eviction-hard`: `memory.available<100Mi,nodefs.available<10%`. Resources that it does not name
 * have no threshold. Throws on what it does not know.
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

/** The threshold in bytes, given the total. */
export const bytesOf = (threshold: Threshold, capacityBytes: number): number =>
  'bytes' in threshold ? threshold.bytes : threshold.share * capacityBytes
