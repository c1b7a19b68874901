import type { Schema } from '../schemas/schema.ts'

/** A schema as a CustomResourceDefinition writes it (`JSONSchemaProps`). */
export type WrittenSchema = Omit<Schema, NestedPart> & {
  readonly properties?: Readonly<Record<string, WrittenSchema>>
  readonly additionalProperties?: WrittenSchema | boolean
  readonly items?: WrittenSchema
  readonly allOf?: readonly WrittenSchema[]
  readonly anyOf?: readonly WrittenSchema[]
  readonly oneOf?: readonly WrittenSchema[]
  readonly not?: WrittenSchema
}

type NestedPart =
  | 'properties'
  | 'additionalProperties'
  | 'items'
  | 'allOf'
  | 'anyOf'
  | 'oneOf'
  | 'not'

/** Converts it to the form of the other kinds' schemas, in which the values of maps have a schema too. */
export function customSchema(written: WrittenSchema): Schema {
  const { properties, additionalProperties, items, allOf, anyOf, oneOf, not, ...own } = written
  return {
    ...own,
    ...(properties && { properties: mapped(properties) }),
    ...(additionalProperties && { additionalProperties: valueSchema(additionalProperties) }),
    ...(items && { items: customSchema(items) }),
    ...(allOf && { allOf: allOf.map(customSchema) }),
    ...(anyOf && { anyOf: anyOf.map(customSchema) }),
    ...(oneOf && { oneOf: oneOf.map(customSchema) }),
    ...(not && { not: customSchema(not) }),
  }
}

const valueSchema = (written: WrittenSchema | true): Schema =>
  written === true ? { 'x-kubernetes-preserve-unknown-fields': true } : customSchema(written)

const mapped = (properties: Readonly<Record<string, WrittenSchema>>) =>
  Object.fromEntries(Object.entries(properties).map(([name, each]) => [name, customSchema(each)]))

const objectMeta = {
  $ref: '#/components/schemas/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta',
} as const

/** A kind's schema as clients see it: with the fields that every object has. */
export function publishedSchema(schema: Schema): Schema {
  const text = { type: 'string' }
  const properties = { ...schema.properties, apiVersion: text, kind: text, metadata: objectMeta }
  return { ...schema, properties }
}

/** Whether a value of this schema is an object of the API by itself, with type and metadata. */
export const isEmbedded = (schema: Schema): boolean =>
  schema['x-kubernetes-embedded-resource'] === true

export const isIntOrString = (schema: Schema | WrittenSchema): boolean =>
  schema['x-kubernetes-int-or-string'] === true

/** Whether fields that the schema does not name are kept. */
export const isOpen = (schema: Schema | WrittenSchema): boolean =>
  schema['x-kubernetes-preserve-unknown-fields'] === true
