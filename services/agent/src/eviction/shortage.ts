import { memoryBytes, type Node } from '@reckon/kubernetes'
import type { RuntimeUsage } from '../runtime/runtime-usage.ts'
import { bytesOf, type Threshold } from './threshold.ts'

/** Less memory is left than has to be. */
export type Shortage = { availableBytes: number; thresholdBytes: number }

type Observed = {
  usage: RuntimeUsage
  /** As it is recorded. */
  node: Node | undefined
  /** The memory that was given to the node as its own. */
  ownBytes: number | undefined
}

/**
 * Whether the node runs out of memory. Of what was given to it as its own, its pods use what they use; of the machine's,
 * whoever runs there. What is not known is not short. Pure.
 */
export function shortageOf(observed: Observed, threshold: Threshold): Shortage | undefined {
  const { usage, node, ownBytes } = observed
  const used = ownBytes === undefined ? usage.machine?.memoryBytes : bytesOfPods(usage)
  const memory = node?.status?.capacity?.memory
  const capacity = ownBytes ?? (memory === undefined ? undefined : memoryBytes(memory))
  if (used === undefined || capacity === undefined) return undefined
  const [availableBytes, thresholdBytes] = [capacity - used, bytesOf(threshold, capacity)]
  return availableBytes < thresholdBytes ? { availableBytes, thresholdBytes } : undefined
}

const bytesOfPods = ({ containers }: RuntimeUsage): number =>
  containers.reduce((sum, each) => sum + each.memoryBytes, 0)
