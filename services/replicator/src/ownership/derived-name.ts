import { fnv1a64, generatedBaseLengthMax, generatedName } from '@reckon/kubernetes'

/**
 * `<prefix>-<5 characters>`, derived from the seed alone: whoever derives a name from the same owner and slot gets the
 * same one.
 */
export function derivedName(prefix: string, seed: string): string {
  let rest = mixed(fnv1a64(seed))
  const draw = (n: number): number => {
    const digit = Number(rest % BigInt(n))
    rest /= BigInt(n)
    return digit
  }
  return generatedName(`${prefix.slice(0, generatedBaseLengthMax - 1)}-`, draw)
}

/** Mixes both halves, because the last characters of the seed must affect every character of the name. */
export function mixed(hash: bigint): bigint {
  const half = BigInt.asUintN(64, (hash ^ (hash >> 33n)) * 0xff51afd7ed558ccdn)
  return half ^ (half >> 33n)
}
