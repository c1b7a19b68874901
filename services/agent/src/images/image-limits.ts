/** Above which share of the disk images are removed, and down to which. */
export type ImageLimits = { highShare: number; lowShare: number }

type Options = { 'image-gc-high-threshold': string; 'image-gc-low-threshold': string }

/** A kubelet's two options, in per cent: the lower one is lower. Throws on what is no such pair. */
export function imageLimitsOf({
  'image-gc-high-threshold': high,
  'image-gc-low-threshold': low,
}: Options): ImageLimits {
  const [highPercent, lowPercent] = [Number(high), Number(low)]
  const isOrdered = lowPercent >= 0 && lowPercent < highPercent && highPercent <= 100
  if (!isOrdered) {
    throw new Error(`images cannot be removed above ${high} and down to ${low} per cent of a disk`)
  }
  return { highShare: highPercent / 100, lowShare: lowPercent / 100 }
}
