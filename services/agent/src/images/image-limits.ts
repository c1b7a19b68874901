/** The disk usage above which images are removed, and the one to reach. */
export type ImageLimits = { highShare: number; lowShare: number }

type Options = { 'image-gc-high-threshold': string; 'image-gc-low-threshold': string }

/** Parses a kubelet's two options, in per cent. Throws unless both are valid and the lower one is lower. */
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
