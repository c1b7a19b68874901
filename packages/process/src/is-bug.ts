import { AssertionError } from 'node:assert'

const bugs = [TypeError, RangeError, ReferenceError, AssertionError]

/**
 * Whether an error thrown near third-party code is a programming error rather than a failure of the outside world.
 * Adapters ask this before they treat an error as a failure, where the library has no error types of its own. Use only
 * where no user's input can make the library throw such an error.
 */
export const isBug = (error: unknown): boolean => bugs.some((type) => error instanceof type)
