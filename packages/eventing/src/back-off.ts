/** The rest after a first failure, and the longest of all. */
export type Rests = { readonly minMs: number; readonly maxMs: number }

/** How long to rest after so many failures in a row: each time twice as long; not at all after none. */
export const backOffMs = (failures: number, { minMs, maxMs }: Rests): number =>
  failures < 1 ? 0 : Math.min(maxMs, minMs * 2 ** (failures - 1))
