import { isJsonObject } from '@reckon/kubernetes'

/**
 * Whether two JSON values certainly have the same text, with the same fields in the same order, found without making
 * the texts. Returns false also where the texts are equal but one value has an additional, undefined field.
 */
export function areWrittenAlike(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (Array.isArray(a)) {
    if (!Array.isArray(b) || a.length !== b.length) return false
    for (let index = 0; index < a.length; index += 1) {
      if (!areWrittenAlike(a[index], b[index])) return false
    }
    return true
  }
  if (!isJsonObject(a) || !isJsonObject(b)) return false
  const [fields, others] = [Object.keys(a), Object.keys(b)]
  if (fields.length !== others.length) return false
  for (let index = 0; index < fields.length; index += 1) {
    const field = fields[index] ?? ''
    if (field !== others[index] || !areWrittenAlike(a[field], b[field])) return false
  }
  return true
}
