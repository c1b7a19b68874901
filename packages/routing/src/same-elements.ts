/** Whether two lists contain the identical elements in the same order. */
export const hasSameElements = <T>(one: readonly T[], other: readonly T[]): boolean =>
  one.length === other.length && one.every((element, index) => element === other[index])
