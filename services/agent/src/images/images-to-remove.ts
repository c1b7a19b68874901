import type { DiskSpace } from '../runtime/disk-space.ts'
import type { ImageLimits } from './image-limits.ts'

/** An image that no container needs, and when one was last about to. */
export type UnusedImage = { name: string; bytes: number; usedAtMs: number }

/** A kubelet's: who has just asked for an image may not have made its container yet. */
const unusedMsMin = 120_000

/** Which images go, those first that nobody has used for longest, as a kubelet's image collector. Pure. */
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
