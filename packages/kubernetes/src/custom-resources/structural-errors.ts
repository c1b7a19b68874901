import {
  type FieldError,
  forbiddenField,
  invalidValue,
  notSupported,
  required,
} from '../field-error.ts'
import { customSchema, isIntOrString, isOpen, type WrittenSchema } from './custom-schema.ts'
import { validateCustom } from './custom-validation.ts'
import { patternProblem } from './patterns.ts'

const types = ['array', 'boolean', 'integer', 'number', 'object', 'string']
const unsupported = [
  '$ref',
  'definitions',
  'dependencies',
  'id',
  'patternProperties',
  'additionalItems',
]

/** Why a schema is not structural, so that the type of each field is known: upstream's rules, in its words. */
export function structuralErrors(schema: WrittenSchema, path: string): FieldError[] {
  const { type = '' } = schema
  const isObject = type === 'object'
  return [
    ...(type === '' ? [required(`${path}.type`, 'must not be empty at the root')] : []),
    ...(type !== '' && !isObject
      ? [invalidValue(`${path}.type`, type, 'must be object at the root')]
      : []),
    ...nodeErrors(schema, path),
  ]
}

function nodeErrors(schema: WrittenSchema, path: string): FieldError[] {
  const { type, properties = {}, additionalProperties, items, uniqueItems, pattern } = schema
  const named = Object.keys(properties)
  const problem = pattern === undefined ? '' : patternProblem(pattern)
  return [
    ...unsupported
      .filter((field) => field in schema)
      .map((field) => forbiddenField(`${path}.${field}`, `${field} is not supported`)),
    ...(type && !types.includes(type) ? [notSupported(`${path}.type`, type, types)] : []),
    ...(named.length > 0 && additionalProperties
      ? [
          forbiddenField(
            `${path}.additionalProperties`,
            'additionalProperties and properties are mutual exclusive',
          ),
        ]
      : []),
    ...(uniqueItems
      ? [
          forbiddenField(
            `${path}.uniqueItems`,
            'uniqueItems cannot be set to true since the runtime complexity becomes quadratic',
          ),
        ]
      : []),
    ...(type === 'array' && items === undefined
      ? [required(`${path}.items`, 'must be specified')]
      : []),
    ...(problem ? [invalidValue(`${path}.pattern`, pattern, problem)] : []),
    ...Object.entries(properties).flatMap(([name, each]) =>
      partErrors(each, `${path}.properties[${name}]`, 'object fields'),
    ),
    ...(typeof additionalProperties === 'object'
      ? partErrors(additionalProperties, `${path}.additionalProperties`, 'object fields')
      : []),
    ...(items ? partErrors(items, `${path}.items`, 'array items') : []),
    ...listErrors(schema, path),
    ...defaultErrors(schema, path),
    ...valueErrors(schema, path),
  ]
}

/** Defaults must satisfy the schema. */
function defaultErrors(schema: WrittenSchema, path: string): FieldError[] {
  if (schema.default === undefined) return []
  const errors = validateCustom(customSchema(schema), schema.default, '')
  return errors.map((error) => ({ ...error, field: `${path}.default${error.field}` }))
}

const listTypes = ['atomic', 'set', 'map']
const mapTypes = ['granular', 'atomic']

/** Rules on how lists and maps are merged: a list of type `map` names its keys. */
function listErrors(schema: WrittenSchema, path: string): FieldError[] {
  const { 'x-kubernetes-list-type': list, 'x-kubernetes-map-type': map } = schema
  const { 'x-kubernetes-list-map-keys': keys = [] } = schema
  const keysField = `${path}.x-kubernetes-list-map-keys`
  return [
    ...(list !== undefined && !listTypes.includes(list)
      ? [notSupported(`${path}.x-kubernetes-list-type`, list, listTypes)]
      : []),
    ...(map !== undefined && !mapTypes.includes(map)
      ? [notSupported(`${path}.x-kubernetes-map-type`, map, mapTypes)]
      : []),
    ...(list === 'map' && keys.length === 0
      ? [required(keysField, 'must not be empty if x-kubernetes-list-type is map')]
      : []),
    ...(list !== 'map' && keys.length > 0
      ? [forbiddenField(keysField, 'must be empty if x-kubernetes-list-type is not map')]
      : []),
  ]
}

function partErrors(schema: WrittenSchema, path: string, of: string): FieldError[] {
  const isTyped = schema.type || isIntOrString(schema) || isOpen(schema)
  const missing = isTyped ? [] : [required(`${path}.type`, `must not be empty for specified ${of}`)]
  return [...missing, ...nodeErrors(schema, path)]
}

/** Alternatives may restrict values, but not define fields. */
function valueErrors({ allOf = [], anyOf = [], oneOf = [], not }: WrittenSchema, path: string) {
  const all = [
    ...allOf.map((each, n) => [each, `${path}.allOf[${n}]`] as const),
    ...anyOf.map((each, n) => [each, `${path}.anyOf[${n}]`] as const),
    ...oneOf.map((each, n) => [each, `${path}.oneOf[${n}]`] as const),
    ...(not ? [[not, `${path}.not`] as const] : []),
  ]
  return all.flatMap(([each, at]) =>
    (['additionalProperties', 'default', 'description', 'nullable', 'title'] as const)
      .filter((field) => each[field] !== undefined)
      .map((field) => forbiddenField(`${at}.${field}`, 'must be empty to be structural')),
  )
}
