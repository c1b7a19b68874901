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

const areEqualLists = (a: readonly unknown[], b: readonly unknown[]): boolean =>
  a.length === b.length && a.every((item, index) => isDeepEqual(item, b[index]))
