import { badRequest } from '../refusals.ts'

/** Deeper than any object of the API, and far less than what a recursive walk can bear. */
const depthMax = 256

/** Refuses with 400 a JSON value nested so deeply that walking through it would exhaust the stack. */
export function checkDepth(value: unknown): void {
  let level: unknown[] = [value]
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > depthMax) throw badRequest('exceeded max depth')
    level = level.flatMap((item) =>
      typeof item === 'object' && item !== null
        ? Object.values(item).filter((child) => typeof child === 'object' && child !== null)
        : [],
    )
  }
}
