/** The index of the first item after a position, in items ordered by position; their number if there is none. */
export function firstAfter(items: readonly { position: bigint }[], position: bigint): number {
  let low = 0
  let high = items.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((items[middle]?.position ?? 0n) > position) high = middle
    else low = middle + 1
  }
  return low
}
