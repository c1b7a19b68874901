/** A range of completion indexes, both ends included. */
type IndexRange = readonly [from: number, to: number]

/**
 * The indexes in a text as the status and the success policy of a Job have them, `1,3-5,7`, or what is wrong with it,
 * in upstream's words.
 */
export function indexRanges(
  text: string,
  completions: number,
): { ranges: readonly IndexRange[] } | { problem: string } {
  const ranges: IndexRange[] = []
  if (text === '') return { ranges }
  let last = -1
  for (const part of text.split(',')) {
    const ends = part.split('-')
    if (ends.length > 2) {
      const rule = "that an index interval can have at most two parts separated by '-'"
      return { problem: `the fragment "${part}" violates the requirement ${rule}` }
    }
    const numbers: number[] = []
    for (const end of ends) {
      if (!/^\d{1,9}$/.test(end)) {
        return { problem: `cannot convert string to integer for index: "${end}"` }
      }
      const number = Number(end)
      if (number >= completions) return { problem: `too large index: "${end}"` }
      if (number <= last) {
        return { problem: `non-increasing order, previous: ${last}, current: ${number}` }
      }
      numbers.push(number)
      last = number
    }
    const [from = 0, to = from] = numbers
    ranges.push([from, to])
  }
  return { ranges }
}

/** How many indexes there are in the ranges. */
export const indexCount = (ranges: readonly IndexRange[]): number =>
  ranges.reduce((sum, [from, to]) => sum + to - from + 1, 0)
