import { badRequest } from '../refusals.ts'

/** Deeper than any object of the API, and far less than a recursive walk can handle. */
const depthMax = 256

/** Refuses with 400 a JSON value nested so deeply that walking it would exhaust the stack. */
export function checkDepth(value: unknown, levelsLeft = depthMax): void {
  if (typeof value !== 'object' || value === null) return
  if (levelsLeft < 0) throw badRequest('exceeded max depth')
  for (const child of Object.values(value)) checkDepth(child, levelsLeft - 1)
}
