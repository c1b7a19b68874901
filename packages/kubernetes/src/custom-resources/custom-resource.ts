import type { Findings } from '../decoding/findings.ts'
import type { FieldError } from '../field-error.ts'
import { ageOf } from '../human-duration.ts'
import { isJsonObject, type JsonObject } from '../json/json-object.ts'
import { ageColumn, nameColumn } from '../kinds/cells.ts'
import { subdomainProblem } from '../name-syntax.ts'
import type {
  CustomResourceDefinition,
  CustomResourceVersion,
  KubernetesObject,
} from '../object.ts'
import {
  apiVersionOf,
  type Cells,
  type Column,
  type GroupVersion,
  type Replicas,
  type Resource,
  type Subresource,
} from '../resource.ts'
import type { Schema } from '../schemas/schema.ts'
import { setCustomDefaults } from './custom-defaults.ts'
import { customSchema, publishedSchema } from './custom-schema.ts'
import { validateCustom } from './custom-validation.ts'
import { byPriority, deprecationWarningOf } from './custom-versions.ts'
import { parseJsonPath, valuesAt } from './json-path.ts'
import { prunedObject } from './pruned-value.ts'

const definitions = new WeakMap<Resource, CustomResourceDefinition>()

/** The definition that a resource was made of; undefined for one that is built in. */
export const definitionOf = (resource: Resource): CustomResourceDefinition | undefined =>
  definitions.get(resource)

/** The resource that a definition describes, in the version that it stores. */
export function customResource(definition: CustomResourceDefinition): Resource {
  const resource = described(definition)
  definitions.set(resource, definition)
  return resource
}

function described({ spec }: CustomResourceDefinition): Resource {
  const { group, names, scope, versions } = spec
  const stored = versions.find(({ storage }) => storage)
  if (stored === undefined) throw new Error(`${names.plural}.${group} stores no version`)
  const served = versions.filter((version) => version.served).sort(byPriority)
  const schemas = new Map(
    versions.map((version) => [
      apiVersionOf({ group, version: version.name }),
      customSchema(version.schema?.openAPIV3Schema ?? {}),
    ]),
  )
  const schemaOf = (groupVersion: GroupVersion): Schema =>
    schemas.get(apiVersionOf(groupVersion)) ?? {}
  const hub = { group, version: stored.name }
  const columns = columnsOf(stored)
  const replicas = scaleOf(stored)
  return {
    ...hub,
    servedVersions: served.map((version) => {
      const deprecationWarning = deprecationWarningOf(version, { group, kind: names.kind, served })
      return { group, version: version.name, ...(deprecationWarning && { deprecationWarning }) }
    }),
    plural: names.plural,
    singular: names.singular ?? names.kind.toLowerCase(),
    kind: names.kind,
    listKind: names.listKind ?? `${names.kind}List`,
    namespaced: scope === 'Namespaced',
    shortNames: names.shortNames ?? [],
    categories: names.categories ?? [],
    subresources: subresourcesOf(stored),
    selectableFields: selectableOf(stored),
    schemas: Object.fromEntries(
      Array.from(schemas, ([version, schema]) => [version, publishedSchema(schema)]),
    ),
    conversions: {},
    nameProblem: subdomainProblem,
    setDefaults: (object) => setCustomDefaults(schemaOf(hub), object),
    validate: (object) => validateObject(schemaOf(hub), object),
    validateStatus: (object) => validateObject(schemaOf(hub), object),
    validateUpdate: () => [],
    read(groupVersion: GroupVersion, value: JsonObject, found: Findings) {
      const object = prunedObject(schemaOf(groupVersion), value, found)
      setCustomDefaults(schemaOf(groupVersion), object)
      return object
    },
    ...(replicas && { replicas: replicas.of, setReplicas: replicas.set }),
    columns: columns.map(({ column }) => column),
    row: (object, now) => columns.map(({ cell }) => cell(object, now)),
  }
}

/** Validates everything but the metadata, which is validated for all kinds alike. */
function validateObject(schema: Schema, object: KubernetesObject): FieldError[] {
  const { properties: { metadata: _, ...properties } = {} } = schema
  return validateCustom({ ...schema, properties }, object, '')
}

const subresourcesOf = ({ subresources = {} }: CustomResourceVersion): Subresource[] => [
  ...(subresources.status ? ['status' as const] : []),
  ...(subresources.scale ? ['scale' as const] : []),
]

const selectableOf = ({
  selectableFields = [],
}: CustomResourceVersion): Resource['selectableFields'] =>
  Object.fromEntries(
    selectableFields.map(({ jsonPath }) => [
      jsonPath.slice(1),
      (object: KubernetesObject) => String(firstAt(object, jsonPath) ?? ''),
    ]),
  )

/** The first value at a path. */
const firstAt = (object: unknown, path: string): unknown =>
  valuesAt(object, parseJsonPath(path) ?? [])[0]

type ShownColumn = { column: Column; cell(object: KubernetesObject, now: Date): Cells[number] }

function columnsOf({ additionalPrinterColumns }: CustomResourceVersion): ShownColumn[] {
  const name: ShownColumn = { column: nameColumn, cell: ({ metadata }) => metadata.name }
  const age: ShownColumn = {
    column: ageColumn,
    cell: ({ metadata }, now) => ageOf(metadata.creationTimestamp, now),
  }
  const own = (additionalPrinterColumns ?? []).map(
    ({ name: title, type, format, description, priority = 0, jsonPath }): ShownColumn => ({
      column: {
        ...{ name: title, type },
        ...(format && { format }),
        ...(description && { description }),
        ...(priority > 0 && { wide: true as const }),
      },
      cell: (object, now) => cellOf(firstAt(object, jsonPath), type, now),
    }),
  )
  return own.length === 0 ? [name, age] : [name, ...own]
}

function cellOf(value: unknown, type: string, now: Date): Cells[number] {
  if (value === undefined || value === null) return null
  if (type === 'date') return typeof value === 'string' ? ageOf(value, now) : '<unknown>'
  if (type === 'integer' || type === 'number') return typeof value === 'number' ? value : null
  if (type === 'boolean') return typeof value === 'boolean' ? value : null
  return typeof value === 'string' ? value : JSON.stringify(value)
}

type ScaleAccess = {
  of(object: KubernetesObject): Replicas
  set(object: KubernetesObject, count: number): KubernetesObject
}

function scaleOf({ subresources }: CustomResourceVersion): ScaleAccess | undefined {
  const scale = subresources?.scale
  if (scale === undefined) return undefined
  const { specReplicasPath, statusReplicasPath, labelSelectorPath } = scale
  const numberAt = (object: KubernetesObject, path: string) => Number(firstAt(object, path) ?? 0)
  return {
    of: (object) => ({
      wanted: numberAt(object, specReplicasPath),
      present: numberAt(object, statusReplicasPath),
      selector: labelSelectorPath ? String(firstAt(object, labelSelectorPath) ?? '') : '',
    }),
    set: (object, count) => {
      const after = withValue(object, specReplicasPath.slice(1).split('.'), count)
      return { ...object, ...(isJsonObject(after) && after) }
    },
  }
}

function withValue(value: unknown, [field, ...rest]: readonly string[], leaf: unknown): unknown {
  if (field === undefined) return leaf
  const fields = isJsonObject(value) ? value : {}
  return { ...fields, [field]: withValue(fields[field], rest, leaf) }
}
