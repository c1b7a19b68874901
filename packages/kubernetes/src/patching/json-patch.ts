import type { Operation } from 'rfc6902'
import { isDeepEqual } from '../json/deep-equal.ts'
import { checkDepth } from '../json/json-depth.ts'
import { isJsonObject, type JsonObject } from '../json/json-object.ts'
import { badRequest } from '../refusals.ts'
import { StatusError } from '../status-error.ts'
import { escaped } from './json-pointer.ts'
import { listEdits } from './list-edits.ts'
import { PatchedDocument } from './patched-document.ts'

/** Operations after RFC 6902. */
export type JsonPatch = readonly Operation[]

const operationsMax = 10_000
/** Comparing two lists costs the product of their lengths. */
const comparisonsMax = 128 * 128
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
  return changesOf(before, after, '', (from, to) => {
    comparisons += from.length * to.length
    return from.length + to.length <= lengthsMax && comparisons <= comparisonsMax
  })
}

/** Whether two lists are to be compared item by item; otherwise the one replaces the other. */
type AreComparable = (from: readonly unknown[], to: readonly unknown[]) => boolean

/** As `rfc6902`: what is gone, what is new, and what is another, each in the order of the fields. */
function changesOf(
  before: unknown,
  after: unknown,
  path: string,
  areComparable: AreComparable,
): Operation[] {
  if (before === after) return []
  if (Array.isArray(before) && Array.isArray(after)) {
    // Most lists of an object stay as they are.
    if (isDeepEqual(before, after)) return []
    if (areComparable(before, after)) return changesOfItems(before, after, path, areComparable)
  }
  if (!isJsonObject(before) || !isJsonObject(after)) {
    return [{ op: 'replace', path, value: after }]
  }
  const gone: Operation[] = []
  const changed: Operation[] = []
  for (const field of fieldsOf(before)) {
    const at = `${path}/${escaped(field)}`
    if (!hasField(after, field)) gone.push({ op: 'remove', path: at })
    else changed.push(...changesOf(before[field], after[field], at, areComparable))
  }
  const added = fieldsOf(after)
    .filter((field) => !hasField(before, field))
    .map((field): Operation => {
      return { op: 'add', path: `${path}/${escaped(field)}`, value: after[field] }
    })
  return [...gone, ...added, ...changed]
}

/** Each change applies to the list as the changes before it have left it. */
function changesOfItems(
  before: readonly unknown[],
  after: readonly unknown[],
  path: string,
  areComparable: AreComparable,
): Operation[] {
  let moved = 0
  const changes: Operation[] = []
  for (const { op, from, to } of listEdits(before, after)) {
    const at = from + moved
    if (op === 'add') {
      const isInside = at + 1 < before.length + moved
      changes.push({ op, path: `${path}/${isInside ? at + 1 : '-'}`, value: after[to] })
      moved++
    } else if (op === 'remove') {
      changes.push({ op, path: `${path}/${at}` })
      moved--
    } else changes.push(...changesOf(before[from], after[to], `${path}/${at}`, areComparable))
  }
  return changes
}

const hasField = (object: JsonObject, field: string): boolean =>
  Object.hasOwn(object, field) && object[field] !== undefined

const fieldsOf = (object: JsonObject): readonly string[] =>
  Object.keys(object).filter((field) => object[field] !== undefined)
