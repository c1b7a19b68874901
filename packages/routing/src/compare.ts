/** Orders texts by code units, independent of any locale. */
export const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
