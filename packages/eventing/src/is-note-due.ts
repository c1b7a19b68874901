/** What repeats is recorded at counts 1, 2, 4, 8…: one event each. */
export const isNoteDue = (count: number): boolean => Number.isInteger(Math.log2(count))
