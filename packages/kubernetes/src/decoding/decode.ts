import { duplicateFields } from '../json/duplicate-fields.ts'
import { isPlain, jsonProblem, parseJson } from '../json/exact-json.ts'
import { checkDepth } from '../json/json-depth.ts'
import { isJsonObject } from '../json/json-object.ts'
import { jsonText } from '../json/json-text.ts'
import type { KubernetesObject, Undefaulted } from '../object.ts'
import { badRequest, invalid } from '../refusals.ts'
import { apiVersionOf, type GroupVersion, type Resource } from '../resource.ts'
import type { Schema } from '../schemas/schema.ts'
import { schemaOf } from '../schemas/schemas.ts'
import { isRefusal } from '../status-error.ts'
import type { Findings } from './findings.ts'
import { typedValue } from './typed-value.ts'

/** What to do about unknown and duplicate fields: refuse them, warn of them, or ignore them. */
export type FieldValidation = 'Strict' | 'Warn' | 'Ignore'

/** A decoded object, and warnings for the client. */
export type Decoded<T extends KubernetesObject = KubernetesObject> = {
  object: T
  warnings: readonly string[]
}

/** Decodes a JSON text as an object of this resource in a version; refuses anything else with 400. */
export function decode<T extends KubernetesObject>(
  resource: Resource<T>,
  groupVersion: GroupVersion,
  { text, fieldValidation = 'Warn' }: { text: string; fieldValidation?: FieldValidation },
): Decoded<Undefaulted<T>> {
  const value = parsed(text)
  const duplicates = () =>
    fieldValidation === 'Ignore' || isPlain(text, value) ? [] : duplicateFields(text)
  return decodeValue(resource, groupVersion, { value, fieldValidation, duplicates })
}

type Value = {
  value: unknown
  fieldValidation?: FieldValidation
  /** Called only for an object whose depth is within bounds. */
  duplicates?: () => readonly string[]
}

/** As `decode`, for a parsed value such as a patched object. */
export function decodeValue<T extends KubernetesObject>(
  resource: Resource<T>,
  groupVersion: GroupVersion,
  { value, fieldValidation = 'Warn', duplicates = () => [] }: Value,
): Decoded<Undefaulted<T>> {
  const refuse = (problem: string) =>
    badRequest(
      `${resource.kind} in version "${groupVersion.version}" cannot be handled as a ${resource.kind}: ${problem}`,
    )
  if (!isJsonObject(value)) throw refuse('json: an object was expected')
  checkDepth(value)
  checkType(resource, groupVersion, value)
  const found: Findings = { unknown: [], inexact: [] }
  const place = { path: '', owner: resource.kind, found }
  try {
    const schema = schemaOf(groupVersion, resource)
    const read = resource.read?.(groupVersion, value, found) ?? typedValue(schema, value, place)
    const object = read as Undefaulted<T>
    object.apiVersion = apiVersionOf(groupVersion)
    object.kind = resource.kind
    object.metadata ??= { name: '' }
    fillStructs(schema, object)
    if (found.inexact.length > 0) throw invalid(resource, object.metadata.name, found.inexact)
    const problems = [
      ...found.unknown.map((path) => `unknown field "${path}"`),
      ...duplicates().map((path) => `duplicate field "${path}"`),
    ]
    const warnings = resource.warnings?.(object) ?? []
    if (fieldValidation === 'Ignore' || problems.length === 0) return { object, warnings }
    if (fieldValidation === 'Warn') return { object, warnings: [...problems, ...warnings] }
    throw badRequest(`strict decoding error: ${problems.join(', ')}`)
  } catch (error) {
    if (isRefusal(error, 'BadRequest')) throw refuse(error.message)
    throw error
  }
}

/**
 * Adds empty objects where upstream's Go type has a struct: validation then names what is missing in it, and callers
 * need no check.
 */
function fillStructs({ required = [], properties = {} }: Schema, object: Record<string, unknown>) {
  for (const [field, { default: empty }] of Object.entries(properties)) {
    const isStruct = isJsonObject(empty) && (field === 'spec' || required.includes(field))
    if (isStruct && object[field] === undefined) object[field] = {}
  }
}

function parsed(text: string): unknown {
  try {
    return parseJson(text)
  } catch (error) {
    if (isRefusal(error)) throw error
    throw badRequest(`couldn't get version/kind; json parse error: ${jsonProblem(error)}`)
  }
}

/** How much of an object of an unknown kind is quoted. */
const shownMax = 64

function checkType(resource: Resource, groupVersion: GroupVersion, value: Record<string, unknown>) {
  const expected = apiVersionOf(groupVersion)
  // Upstream fills in neither for kinds that are defined at run time.
  const isDefined = resource.read !== undefined
  const { apiVersion = isDefined ? '' : expected, kind = isDefined ? '' : resource.kind } = value
  for (const [field, name] of Object.entries({ apiVersion, kind })) {
    if (typeof name === 'string') continue
    throw badRequest(`json: cannot unmarshal into Go struct field TypeMeta.${field} of type string`)
  }
  if (kind === '') {
    const text = jsonText(value)
    const shown = text.length > shownMax ? `${text.slice(0, shownMax)} ...` : text
    throw badRequest(
      `the object provided is unrecognized (must be of type ${resource.kind}): Object 'Kind' is missing in '${shown}'`,
    )
  }
  if (apiVersion !== expected) {
    throw badRequest(
      `the API version in the data (${apiVersion}) does not match the expected API version (${expected})`,
    )
  }
  if (kind === resource.kind) return
  throw badRequest(
    `${kind} in version "${groupVersion.version}" cannot be handled as a ${resource.kind}: converting (v1.${kind}) to (v1.${resource.kind}): unknown conversion`,
  )
}
