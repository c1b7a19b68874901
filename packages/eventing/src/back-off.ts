/** The delay after a first failure, and the longest delay. */
export type Rests = { readonly minMs: number; readonly maxMs: number }

/** The delay after this many failures in a row: it doubles with each, and is 0 without a failure. */
export const backOffMs = (failures: number, { minMs, maxMs }: Rests): number =>
  failures < 1 ? 0 : Math.min(maxMs, minMs * 2 ** (failures - 1))
