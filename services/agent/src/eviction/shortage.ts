import { memoryBytes, type Node } from '@reckon/kubernetes'
import type { DiskSpace } from '../runtime/disk-space.ts'
import type { RuntimeUsage } from '../runtime/runtime-usage.ts'
import { bytesOf, type Threshold } from './threshold.ts'

/** What a node may be short of, under the name by which pods ask for it. */
export type Scarce = 'memory' | 'ephemeral-storage'

/** Less of something is left than has to be. */
export type Shortage = { of: Scarce; availableBytes: number; thresholdBytes: number }

type Observed = {
  usage: RuntimeUsage
  /** As it is recorded. */
  node: Node | undefined
  /** The memory that was given to the node as its own. */
  ownBytes: number | undefined
}

/**
 * Whether the node runs out of memory. Of what was given to it as its own, its pods use what they use; of the
 * machine's, whoever runs there. What is not known is not short. Pure.
 */
export function memoryShortage(observed: Observed, threshold: Threshold): Shortage | undefined {
  const { usage, node, ownBytes } = observed
  const used = ownBytes === undefined ? usage.machine?.memoryBytes : bytesOfPods(usage)
  const memory = node?.status?.capacity?.memory
  const capacity = ownBytes ?? (memory === undefined ? undefined : memoryBytes(memory))
  if (used === undefined || capacity === undefined) return undefined
  return shortage('memory', { capacityBytes: capacity, availableBytes: capacity - used }, threshold)
}

/** Whether the disk runs full of images and of what containers write. What is not known is not short. Pure. */
export const diskShortage = (
  space: DiskSpace | undefined,
  threshold: Threshold,
): Shortage | undefined => space && shortage('ephemeral-storage', space, threshold)

function shortage(
  of: Scarce,
  { capacityBytes, availableBytes }: DiskSpace,
  threshold: Threshold,
): Shortage | undefined {
  const thresholdBytes = bytesOf(threshold, capacityBytes)
  return availableBytes < thresholdBytes ? { of, availableBytes, thresholdBytes } : undefined
}

const bytesOfPods = ({ containers }: RuntimeUsage): number =>
  containers.reduce((sum, each) => sum + each.memoryBytes, 0)
