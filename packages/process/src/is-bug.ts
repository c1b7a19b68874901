import { AssertionError } from 'node:assert'

const bugs = [TypeError, RangeError, ReferenceError, AssertionError]

/**
 * Whether what foreign code threw out of a call of ours is a bug, and not the world: what an adapter asks before it turns
 * an error into one of its port's. It may be used only where no user's value can make the foreign code throw such an error.
 */
export const isBug = (error: unknown): boolean => bugs.some((type) => error instanceof type)
