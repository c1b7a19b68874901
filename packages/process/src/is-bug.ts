import { AssertionError } from 'node:assert'

const bugs = [TypeError, RangeError, ReferenceError, AssertionError]

/**
 * Whether what was thrown beside foreign code is a bug, and not the world: what is asked at an adapter, where the
 * world's errors have no type of their own, before one is taken for the world's. Only where no user's value can make
 * the foreign code throw such an error.
 */
export const isBug = (error: unknown): boolean => bugs.some((type) => error instanceof type)
