import { isJsonObject, type JsonObject } from '../json/json-object.ts'
import type { ResourceTable } from '../resource-table.ts'
import { type Descriptions, publishedPaths, publishedSchemas } from './openapi.ts'

/** A document of OpenAPI v2. */
export type OpenApiV2 = {
  swagger: '2.0'
  info: { title: string; version: string }
  paths: Readonly<Record<string, JsonObject>>
  definitions: Readonly<Record<string, JsonObject>>
}

/**
 * `GET /openapi/v2`: the schemas and paths of everything that is served, in one document, as kubectl up to 1.28 reads
 * it.
 */
export function openApiV2(
  table: ResourceTable,
  version: string,
  descriptions: Descriptions = () => undefined,
): OpenApiV2 {
  const served = [...table.groups].flatMap(([group, versions]) =>
    versions.map((each) => ({ group, version: each })),
  )
  return {
    swagger: '2.0',
    info: { title: 'Kubernetes', version },
    paths: mapped(publishedPaths(table, served), pathOf),
    definitions: mapped(publishedSchemas(table, served, descriptions), schemaOf),
  }
}

const mapped = (
  values: Readonly<Record<string, unknown>>,
  form: (value: JsonObject) => JsonObject,
): Record<string, JsonObject> =>
  Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) =>
      isJsonObject(value) ? [[name, form(value)]] : [],
    ),
  )

/** Converts a v3 schema to v2, which has no alternatives: an IntOrString or a Quantity becomes a string. */
function schemaOf(schema: JsonObject): JsonObject {
  const { $ref, allOf, anyOf: _any, oneOf, not: _not, nullable: _nullable, ...own } = schema
  const { properties, items, additionalProperties, ...plain } = own
  const [wrapped] = Array.isArray(allOf) ? allOf : []
  const reference = $ref ?? (isJsonObject(wrapped) ? wrapped.$ref : undefined)
  return {
    ...plain,
    ...(typeof reference === 'string' && { $ref: referenceOf(reference) }),
    ...(plain.type === undefined && oneOf !== undefined && { type: 'string' }),
    ...(isJsonObject(properties) && { properties: mapped(properties, schemaOf) }),
    ...(isJsonObject(items) && { items: schemaOf(items) }),
    ...(isJsonObject(additionalProperties) && {
      additionalProperties: schemaOf(additionalProperties),
    }),
  }
}

const referenceOf = (reference: string): string =>
  reference.replace('#/components/schemas/', '#/definitions/')

const methods = ['get', 'put', 'post', 'delete', 'patch']

function pathOf(path: JsonObject): JsonObject {
  const operations = Object.entries(path).flatMap(([method, operation]) =>
    methods.includes(method) && isJsonObject(operation) ? [[method, operationOf(operation)]] : [],
  )
  return { parameters: parametersOf(path.parameters), ...Object.fromEntries(operations) }
}

/** Converts an operation's parameters; its response is left to the kind that it names. */
function operationOf({ parameters, requestBody, responses: _, ...own }: JsonObject): JsonObject {
  const content = isJsonObject(requestBody) ? requestBody.content : undefined
  const types = isJsonObject(content) ? Object.keys(content) : []
  const body = isJsonObject(content) ? Object.values(content)[0] : undefined
  const schema = isJsonObject(body) && isJsonObject(body.schema) ? body.schema : undefined
  return {
    ...own,
    ...(types.length > 0 && { consumes: types }),
    parameters: [
      ...(schema ? [{ name: 'body', in: 'body', required: true, schema: schemaOf(schema) }] : []),
      ...parametersOf(parameters),
    ],
    responses: { 200: { description: 'OK' } },
  }
}

function parametersOf(parameters: unknown): JsonObject[] {
  const all: unknown[] = Array.isArray(parameters) ? parameters : []
  return all.filter(isJsonObject).map(({ schema, ...parameter }) => ({
    ...parameter,
    ...(isJsonObject(schema) && schema),
  }))
}
