/** Whether two lists hold the very same things in the same order. */
export const hasSameElements = <T>(one: readonly T[], other: readonly T[]): boolean =>
  one.length === other.length && one.every((element, index) => element === other[index])
