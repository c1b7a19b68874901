/** A position is dropped when it is older than the gap around it by this factor. */
const ageOfGap = 2n

/**
 * Thins a series of positions, oldest first: the older, the fewer are kept. So the distance from any position back to
 * the nearest kept one is at most half its distance to the end, and the series grows with the logarithm of the history.
 * The first and the last always stay.
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
