import { isJsonObject } from './json-object.ts'

/** Whether two JSON values are the same; a field that is undefined counts as absent. */
export function isDeepEqual(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (Array.isArray(a)) return Array.isArray(b) && areEqualLists(a, b)
  if (!isJsonObject(a) || !isJsonObject(b)) return false
  let left = 0
  for (const field in b) if (b[field] !== undefined) left += 1
  for (const field in a) {
    const value = a[field]
    if (value === undefined) continue
    if (!Object.hasOwn(b, field) || !isDeepEqual(value, b[field])) return false
    left -= 1
  }
  return left === 0
}

function areEqualLists(a: readonly unknown[], b: readonly unknown[]): boolean {
  if (a.length !== b.length) return false
  for (let index = 0; index < a.length; index += 1) {
    if (!isDeepEqual(a[index], b[index])) return false
  }
  return true
}
