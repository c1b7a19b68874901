import { createPatch, type Operation } from 'rfc6902'
import { isDeepEqual } from '../json/deep-equal.ts'
import { checkDepth } from '../json/json-depth.ts'
import { isJsonObject, type JsonObject } from '../json/json-object.ts'
import { badRequest } from '../refusals.ts'
import { StatusError } from '../status-error.ts'
import { escaped } from './json-pointer.ts'
import { PatchedDocument } from './patched-document.ts'

/** Operations after RFC 6902. */
export type JsonPatch = readonly Operation[]

const operationsMax = 10_000
/** Comparing two lists costs the product of their lengths, and again for each pair of nested lists. */
const comparisonsMax = 128 * 128
/** The library recurses as deep as both lists are long. */
const lengthsMax = 2_048

/**
 * Refuses a client's patch that is not a list of operations, too long or too deep. Recorded patches were checked when
 * they were made.
 */
export function checkJsonPatch(patch: unknown): asserts patch is JsonPatch {
  if (!Array.isArray(patch) || patch.some((operation) => typeof operation?.op !== 'string')) {
    throw badRequest('error decoding patch: a JSON patch is a list of operations')
  }
  if (patch.length > operationsMax) {
    throw new StatusError(
      'RequestEntityTooLarge',
      `The allowed maximum operations in a JSON patch is ${operationsMax}, got ${patch.length}`,
    )
  }
  checkDepth(patch)
}

/**
 * Patches a copy, which shares untouched parts with object and patch. Accepts what kube-apiserver's library accepts,
 * which is more than RFC 6902; anything else is refused as Invalid. A client's patch must have passed `checkJsonPatch`.
 */
export function applyJsonPatch(object: unknown, patch: JsonPatch): unknown {
  const document = new PatchedDocument(object)
  for (const operation of patch) document.apply(operation)
  return document.value
}

/** The minimal patch from `before` to `after`; deterministic. */
export function createJsonPatch(before: unknown, after: unknown): JsonPatch {
  let comparisons = 0
  return changesOf(before, after, '', (input, output, pointer) => {
    // Most of an object stays as it is; the library would write down the path to each of its fields.
    if (isDeepEqual(input, output)) return []
    if (!Array.isArray(input) || !Array.isArray(output)) return undefined
    comparisons += input.length * output.length
    const isShort = input.length + output.length <= lengthsMax
    if (isShort && comparisons <= comparisonsMax) return undefined
    return [{ op: 'replace', path: pointer.toString(), value: output }]
  })
}

/** What the library is told about two values; undefined where it finds out itself. */
type VoidableDiff = NonNullable<Parameters<typeof createPatch>[2]>

/** As the library: what is gone, what is new, and what is another, each in the order of the fields. */
function changesOf(
  before: unknown,
  after: unknown,
  path: string,
  difference: VoidableDiff,
): Operation[] {
  if (before === after) return []
  // Of lists the library finds what came and went.
  if (!isJsonObject(before) || !isJsonObject(after)) {
    const changes = createPatch(before, after, difference)
    return changes.map((change) => ({ ...change, path: path + change.path }))
  }
  const gone: Operation[] = []
  const changed: Operation[] = []
  for (const field of fieldsOf(before)) {
    const at = `${path}/${escaped(field)}`
    if (!hasField(after, field)) gone.push({ op: 'remove', path: at })
    else changed.push(...changesOf(before[field], after[field], at, difference))
  }
  const added = fieldsOf(after)
    .filter((field) => !hasField(before, field))
    .map((field): Operation => {
      return { op: 'add', path: `${path}/${escaped(field)}`, value: after[field] }
    })
  return [...gone, ...added, ...changed]
}

const hasField = (object: JsonObject, field: string): boolean =>
  Object.hasOwn(object, field) && object[field] !== undefined

const fieldsOf = (object: JsonObject): readonly string[] =>
  Object.keys(object).filter((field) => object[field] !== undefined)
