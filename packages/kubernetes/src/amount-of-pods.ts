/** A number of pods, or a percentage of all of them. */
export function amountOfPods(
  value: number | string,
  total: number,
  round: (share: number) => number,
): number {
  if (typeof value === 'number') return value
  return value.endsWith('%') ? round((Number.parseInt(value, 10) * total) / 100) : Number(value)
}
