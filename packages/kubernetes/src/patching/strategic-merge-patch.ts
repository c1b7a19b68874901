import { checkDepth } from '../json/json-depth.ts'
import { copyOf, isJsonObject, type JsonObject, setField } from '../json/json-object.ts'
import type { KubernetesObject } from '../object.ts'
import { ownValue } from '../own-value.ts'
import { badRequest } from '../refusals.ts'
import { parseApiVersion, type Resource } from '../resource.ts'
import type { Schema } from '../schemas/schema.ts'
import { resolved, schemaOf } from '../schemas/schemas.ts'
import { KeyedList, positionsIn } from './keyed-list.ts'

const orderPrefix = '$setElementOrder/'
const deletePrefix = '$deleteFromPrimitiveList/'

/**
 * Merges a strategic merge patch into a copy, by the merge keys of the object's own version.
 * The rules and their order are those of apimachinery's `strategicpatch`.
 */
export function applyStrategicMergePatch(
  resource: Resource,
  object: KubernetesObject,
  patch: unknown,
): JsonObject {
  if (!isJsonObject(patch)) throw badRequest('error decoding patch: a merge patch is an object')
  checkDepth(patch)
  const schema = schemaOf(parseApiVersion(object.apiVersion), resource)
  return mergedMap(copyOf(object), copyOf(patch), schema)
}

function mergedMap(original: JsonObject, patch: JsonObject, schema: Schema): JsonObject {
  const { $patch: directive, $retainKeys: retained, ...fields } = patch
  if (directive === 'replace') return dataOf(fields)
  if (directive === 'delete') return {}
  if (directive !== undefined && directive !== 'merge') {
    throw badRequest(`unknown patch type found: ${String(directive)}`)
  }
  const result = { ...original }
  if (retained !== undefined) keepOnly(result, fields, retained)
  for (const [field, value] of Object.entries(fields)) {
    if (field.startsWith('$')) continue
    mergeField(result, field, value, fields, schema)
  }
  applyListDirectives(result, fields, schema)
  return result
}

function keepOnly(original: JsonObject, patch: JsonObject, retained: unknown): void {
  if (!Array.isArray(retained)) throw badRequest('invalid patch format of retainKeys')
  const kept = new Set<unknown>(retained)
  const stray = Object.keys(patch).find(
    (field) => patch[field] !== null && !field.startsWith('$') && !kept.has(field),
  )
  if (stray !== undefined) throw badRequest('patch contains fields not in retainKeys list')
  for (const field of Object.keys(original)) if (!kept.has(field)) delete original[field]
}

function mergeField(
  result: JsonObject,
  field: string,
  value: unknown,
  patch: JsonObject,
  schema: Schema,
): void {
  const before = ownValue(result, field)
  const fieldSchema = schemaOfField(schema, field)
  if (value === null) {
    delete result[field]
  } else if (isJsonObject(value) && isJsonObject(before)) {
    const replaces = strategies(fieldSchema).includes('replace')
    const next = replaces
      ? withoutDirectives(value)
      : mergedMap(before, value, resolved(fieldSchema))
    setField(result, field, next)
  } else if (Array.isArray(value) && strategies(fieldSchema).includes('merge')) {
    const list = Array.isArray(before) ? before : []
    const order = patch[orderPrefix + field]
    setField(result, field, mergedList(list, value, { field, schema: fieldSchema, order }))
  } else {
    setField(result, field, withoutDirectives(value))
  }
}

/** Applies `$deleteFromPrimitiveList`, and `$setElementOrder` for lists that the patch does not contain. */
function applyListDirectives(result: JsonObject, patch: JsonObject, schema: Schema): void {
  for (const [directive, value] of Object.entries(patch)) {
    if (!directive.startsWith(deletePrefix) || !Array.isArray(value)) continue
    const field = directive.slice(deletePrefix.length)
    const list = result[field]
    if (!Array.isArray(list)) continue
    const deleted = new Set<unknown>(value)
    result[field] = list.filter((item) => !deleted.has(item))
  }
  for (const [directive, order] of Object.entries(patch)) {
    if (!directive.startsWith(orderPrefix)) continue
    const field = directive.slice(orderPrefix.length)
    const list = result[field]
    if (!Array.isArray(list) || !Array.isArray(order) || Array.isArray(patch[field])) continue
    const mergeKey = schemaOfField(schema, field)['x-kubernetes-patch-merge-key']
    result[field] = ordered(list, { wanted: order, before: list, mergeKey })
  }
}

type ListRules = { field: string; schema: Schema; order: unknown }

function mergedList(
  before: unknown[],
  patch: unknown[],
  { field, schema, order }: ListRules,
): unknown[] {
  const mergeKey = schema['x-kubernetes-patch-merge-key']
  const wanted = Array.isArray(order)
    ? order
    : patch.filter((item) => directiveOf(item) === undefined)
  if (mergeKey === undefined) {
    if (patch.some(isJsonObject))
      throw badRequest(`cannot merge lists without merge key for ${field}`)
    return ordered([...new Set([...before, ...patch])], { wanted, before, mergeKey })
  }
  if (patch.some((item) => directiveOf(item) === 'replace')) {
    return patch.filter((item) => directiveOf(item) === undefined).map(withoutDirectives)
  }
  const keyOf = (item: unknown) => (isJsonObject(item) ? item[mergeKey] : undefined)
  const itemSchema = resolved(schema.items ?? {})
  const merged = new KeyedList(before, keyOf)
  for (const item of patch) {
    if (!isJsonObject(item) || item[mergeKey] === undefined) {
      const shown = JSON.stringify(item)
      throw badRequest(`map: ${shown} does not contain declared merge key: ${mergeKey}`)
    }
    const key = item[mergeKey]
    const found = merged.get(key)
    if (directiveOf(item) === 'delete') merged.delete(key)
    else
      merged.set(isJsonObject(found) ? mergedMap(found, item, itemSchema) : withoutDirectives(item))
  }
  return ordered(merged.items, { wanted, before, mergeKey })
}

type Order = {
  wanted: readonly unknown[]
  before: readonly unknown[]
  mergeKey: string | undefined
}

/**
 * Items named by the patch come in its order; items that only the server has keep their place before what followed
 * them.
 */
function ordered(list: readonly unknown[], { wanted, before, mergeKey }: Order): unknown[] {
  const keyOf = (item: unknown) =>
    mergeKey !== undefined && isJsonObject(item) ? item[mergeKey] : item
  const [inWanted, inBefore] = [positionsIn(wanted, keyOf), positionsIn(before, keyOf)]
  const patched: unknown[] = []
  const serverOnly: unknown[] = []
  for (const item of list) (inWanted(item) >= 0 ? patched : serverOnly).push(item)
  patched.sort((a, b) => inWanted(a) - inWanted(b))
  serverOnly.sort((a, b) => inBefore(a) - inBefore(b))
  const result: unknown[] = []
  let next = 0
  for (const item of serverOnly) {
    const server = inBefore(item)
    const isBefore = () => server >= 0 && server < inBefore(patched[next])
    while (next < patched.length && !isBefore()) result.push(patched[next++])
    result.push(item)
  }
  return [...result, ...patched.slice(next)]
}

/** A value that a patch adds, without its nulls and directives, which are instructions rather than data. */
function withoutDirectives(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.filter((item) => directiveOf(item) === undefined).map(withoutDirectives)
  }
  return isJsonObject(value) ? dataOf(value) : value
}

function dataOf(patch: JsonObject): JsonObject {
  const kept: JsonObject = {}
  for (const [field, child] of Object.entries(patch)) {
    if (child === null || isDirective(field)) continue
    setField(kept, field, withoutDirectives(child))
  }
  return kept
}

const isDirective = (field: string) =>
  field === '$patch' ||
  field === '$retainKeys' ||
  field.startsWith(orderPrefix) ||
  field.startsWith(deletePrefix)

const directiveOf = (item: unknown) => (isJsonObject(item) ? item.$patch : undefined)

const strategies = (schema: Schema) => (schema['x-kubernetes-patch-strategy'] ?? '').split(',')

function schemaOfField(schema: Schema, field: string): Schema {
  const found = resolved(schema)
  return found.properties?.[field] ?? found.additionalProperties ?? {}
}
