import { checkDepth } from '../json/json-depth.ts'
import { copyOf, isJsonObject, type JsonObject, setField } from '../json/json-object.ts'
import { badRequest } from '../refusals.ts'

/** Merges a patch after RFC 7386 into a copy: null removes, lists are replaced whole. */
export function applyMergePatch(object: JsonObject, patch: unknown): JsonObject {
  if (!isJsonObject(patch)) throw badRequest('error decoding patch: a merge patch is an object')
  checkDepth(patch)
  return merged(object, patch)
}

function merged(target: unknown, patch: JsonObject): JsonObject {
  const result: JsonObject = isJsonObject(target) ? { ...target } : {}
  for (const [field, value] of Object.entries(patch)) {
    if (value === null) delete result[field]
    else if (isJsonObject(value)) setField(result, field, merged(result[field], value))
    else setField(result, field, copyOf(value))
  }
  return result
}
