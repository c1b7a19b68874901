import { memoryBytes, type Node } from '@reckon/kubernetes'
import type { DiskSpace } from '../runtime/disk-space.ts'
import type { RuntimeUsage } from '../runtime/runtime-usage.ts'
import { bytesOf, type Threshold } from './threshold.ts'

/** The resources that may run short, under the names by which pods request them. */
export type Scarce = 'memory' | 'ephemeral-storage'

/** A resource of which less is left than required. */
export type Shortage = { of: Scarce; availableBytes: number; thresholdBytes: number }

type Observed = {
  usage: RuntimeUsage
  /** As it is recorded. */
  node: Node | undefined
  /** The memory assigned to the node, where it has a share of the machine's. */
  ownBytes: number | undefined
}

/**
 * Whether the node is short of memory. Where it has a share of its own, its pods' usage counts; otherwise that of the
 * whole machine. Unknown values count as sufficient. Pure.
 */
export function memoryShortage(observed: Observed, threshold: Threshold): Shortage | undefined {
  const { usage, node, ownBytes } = observed
  const used = ownBytes === undefined ? usage.machine?.memoryBytes : bytesOfPods(usage)
  const memory = node?.status?.capacity?.memory
  const capacity = ownBytes ?? (memory === undefined ? undefined : memoryBytes(memory))
  if (used === undefined || capacity === undefined) return undefined
  return shortage('memory', { capacityBytes: capacity, availableBytes: capacity - used }, threshold)
}

/** Whether the disk of images and containers is short. Unknown values count as sufficient. Pure. */
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
