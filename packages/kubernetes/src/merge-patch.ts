import { checkDepth } from './json-depth.ts'
import { badRequest } from './refusals.ts'

/** A JSON object. */
export type JsonObject = { [field: string]: unknown }

/** Whether a value is a JSON object, not a list. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Sets a field as data even where its name means something to JavaScript. */
export function setField(object: JsonObject, field: string, value: unknown): void {
  if (field !== '__proto__') object[field] = value
}

/** Merges a patch after RFC 7386 into a copy: null removes, lists are replaced whole. */
export function applyMergePatch<T extends JsonObject>(object: T, patch: unknown): T {
  if (!isJsonObject(patch)) throw badRequest('error decoding patch: a merge patch is an object')
  checkDepth(patch)
  return merged(object, patch) as T
}

function merged(target: unknown, patch: unknown): unknown {
  if (!isJsonObject(patch)) return structuredClone(patch)
  const result: JsonObject = isJsonObject(target) ? { ...target } : {}
  for (const [field, value] of Object.entries(patch)) {
    if (value === null) delete result[field]
    else setField(result, field, merged(result[field], value))
  }
  return result
}
