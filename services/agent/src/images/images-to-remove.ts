import type { DiskSpace } from '../runtime/disk-space.ts'
import type { ImageLimits } from './image-limits.ts'

/** An image that no container uses, and when a pod last needed it. */
export type UnusedImage = { name: string; bytes: number; usedAtMs: number }

/** A kubelet's value: a pod that has just asked for an image may not have its container yet. */
const unusedMsMin = 120_000

/** The images to remove, least recently used first, as a kubelet's image garbage collection. Pure. */
export function imagesToRemove(
  unused: readonly UnusedImage[],
  { capacityBytes, availableBytes }: DiskSpace,
  { highShare, lowShare, nowMs }: ImageLimits & { nowMs: number },
): readonly UnusedImage[] {
  if (capacityBytes - availableBytes < highShare * capacityBytes) return []
  let bytes = capacityBytes * (1 - lowShare) - availableBytes
  return unused
    .filter(({ usedAtMs }) => nowMs - usedAtMs >= unusedMsMin)
    .toSorted((a, b) => a.usedAtMs - b.usedAtMs)
    .filter((image) => {
      const isNeeded = bytes > 0
      bytes -= image.bytes
      return isNeeded
    })
}
