/** How much older than the gap around it a member of a series has to be to go. */
const ageOfGap = 2n

/**
 * What of a series of positions, oldest first, is kept: all near its end, and the fewer the older, so that from any
 * position back to the nearest one before is at most half as far as to the end, and the series grows with the logarithm
 * of the history. The first and the last one always stay.
 */
export function thinned(positions: readonly bigint[]): readonly bigint[] {
  const newest = positions.at(-1) ?? 0n
  const kept: bigint[] = []
  for (const [index, position] of positions.entries()) {
    const [before, after] = [kept.at(-1), positions[index + 1]]
    const isBetween = before !== undefined && after !== undefined
    if (isBetween && (after - before) * ageOfGap <= newest - after) continue
    kept.push(position)
  }
  return kept
}
