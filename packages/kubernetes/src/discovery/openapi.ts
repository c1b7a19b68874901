import { isJsonObject } from '../json/json-object.ts'
import { apiVersionOf, type GroupVersion, type Resource, type Subresource } from '../resource.ts'
import type { ResourceTable } from '../resource-table.ts'
import { referredTo, schemaName, schemaOf, schemas } from '../schemas/schemas.ts'

const metaV1 = 'io.k8s.apimachinery.pkg.apis.meta.v1'
const jsonTypes = ['application/json', 'application/yaml', 'application/vnd.kubernetes.protobuf']
const patchTypes = [
  'application/apply-patch+yaml',
  'application/json-patch+json',
  'application/merge-patch+json',
  'application/strategic-merge-patch+json',
]

/** The description of a kind or type, and of its fields. */
export type Description = { text: string; fields: Readonly<Record<string, string>> }

/** The description of the schema with this name, if there is one. */
export type Descriptions = (schemaName: string) => Description | undefined

/** `GET /openapi/v3`: every group and version with the address of its document, told apart by hash. */
export function openApiV3Index(
  table: ResourceTable,
  hashOf: (groupVersion: GroupVersion) => string,
) {
  const served = [...table.groups].flatMap(([group, versions]) =>
    versions.map((version) => ({ group, version })),
  )
  const paths = served.map((groupVersion) => {
    const path = rootPath(groupVersion)
    const serverRelativeURL = `/openapi/v3/${path}?hash=${hashOf(groupVersion)}`
    return [path, { serverRelativeURL }] as const
  })
  return { paths: Object.fromEntries(paths) }
}

/** `GET /openapi/v3/apis/<group>/<version>`: schemas and paths; undefined if it is not served. */
export function openApiV3(
  table: ResourceTable,
  groupVersion: GroupVersion,
  descriptions: Descriptions = () => undefined,
) {
  if (table.in(groupVersion).length === 0) return undefined
  return {
    openapi: '3.0.0',
    info: { title: 'Kubernetes', version: 'unversioned' },
    paths: publishedPaths(table, [groupVersion]),
    components: { schemas: publishedSchemas(table, [groupVersion], descriptions) },
  }
}

/** Every path of these groups and versions, with its operations. */
export const publishedPaths = (
  table: ResourceTable,
  groupVersions: readonly GroupVersion[],
): Readonly<Record<string, unknown>> =>
  Object.assign(
    {},
    ...groupVersions.flatMap((each) => table.in(each).map((resource) => pathsOf(resource, each))),
  )

/** The schemas of all kinds of these groups and versions, and of everything they refer to. */
export function publishedSchemas(
  table: ResourceTable,
  groupVersions: readonly GroupVersion[],
  descriptions: Descriptions,
): Readonly<Record<string, unknown>> {
  const served = groupVersions.flatMap((groupVersion) =>
    table.in(groupVersion).map((resource) => ({ groupVersion, resource })),
  )
  const own = served.flatMap(({ groupVersion, resource }) => [
    [schemaName(groupVersion, resource.kind), kindSchema(resource, groupVersion)] as const,
    [schemaName(groupVersion, resource.listKind), listSchema(resource, groupVersion)] as const,
  ])
  const roots = [
    ...own.map(([name]) => name),
    ...served.flatMap(({ resource }) =>
      resource.subresources.map((name) => subresourceSchemas[name] ?? ''),
    ),
    `${metaV1}.ListMeta`,
    `${metaV1}.Status`,
    `${metaV1}.DeleteOptions`,
    `${metaV1}.Patch`,
  ].filter((name) => name !== '')
  const known = { ...schemas, ...Object.fromEntries(own), [`${metaV1}.Patch`]: { type: 'object' } }
  return reachable(roots, known, descriptions)
}

/** The kinds of subresources that differ from the object's own. */
const subresourceSchemas: Partial<Record<Subresource, string>> = {
  scale: 'io.k8s.api.autoscaling.v1.Scale',
  binding: 'io.k8s.api.core.v1.Binding',
  eviction: 'io.k8s.api.policy.v1.Eviction',
  token: 'io.k8s.api.authentication.v1.TokenRequest',
}

const rootPath = (groupVersion: GroupVersion) =>
  `${groupVersion.group === '' ? 'api' : 'apis'}/${apiVersionOf(groupVersion)}`

const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` })

function kindSchema(resource: Resource, groupVersion: GroupVersion) {
  const { kind } = resource
  const schema = schemaOf(groupVersion, resource)
  return { ...schema, 'x-kubernetes-group-version-kind': [{ ...groupVersion, kind }] }
}

function listSchema({ kind, listKind }: Resource, groupVersion: GroupVersion) {
  return {
    type: 'object',
    required: ['items'],
    properties: {
      apiVersion: { type: 'string' },
      kind: { type: 'string' },
      metadata: ref(`${metaV1}.ListMeta`),
      items: { type: 'array', items: ref(schemaName(groupVersion, kind)) },
    },
    'x-kubernetes-group-version-kind': [{ ...groupVersion, kind: listKind }],
  }
}

/** The schemas that are reachable from these names; references with a default are in OpenAPI's form. */
function reachable(
  roots: readonly string[],
  known: Readonly<Record<string, unknown>>,
  descriptions: Descriptions,
) {
  const found: Record<string, unknown> = {}
  const pending = [...roots]
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    if (name in found) continue
    found[name] = publicForm(described(known[name], descriptions(name)), pending)
  }
  return found
}

/** A schema with descriptions added where it has none. */
function described(schema: unknown, said: Description | undefined): unknown {
  if (said === undefined || !isJsonObject(schema)) return schema
  const properties = isJsonObject(schema.properties) ? schema.properties : {}
  const fields = Object.entries(properties).map(([name, field]) => {
    const description = said.fields[name]
    return [name, description && isJsonObject(field) ? { description, ...field } : field] as const
  })
  return {
    ...(said.text && { description: said.text }),
    ...schema,
    ...(fields.length > 0 && { properties: Object.fromEntries(fields) }),
  }
}

/** Beside `$ref` OpenAPI 3.0 ignores everything, so that a default needs an `allOf`. */
function publicForm(value: unknown, references: string[]): unknown {
  if (Array.isArray(value)) return value.map((item) => publicForm(item, references))
  if (!isJsonObject(value)) return value
  const { $ref, ...rest } = value
  const isReference = typeof $ref === 'string'
  const fields = Object.fromEntries(
    // A schema of schemas has a field of this name.
    Object.entries(isReference ? rest : value).map(([key, child]) => [
      key,
      publicForm(child, references),
    ]),
  )
  if (!isReference) return fields
  references.push(referredTo($ref))
  return Object.keys(fields).length === 0 ? { $ref } : { ...fields, allOf: [{ $ref }] }
}

const query = (name: string, type: string) => ({
  name,
  in: 'query',
  schema: { type, uniqueItems: true },
})
const writing = ['dryRun', 'fieldManager', 'fieldValidation'].map((name) => query(name, 'string'))
const inPath = (name: string) => ({
  name,
  in: 'path',
  required: true,
  schema: { type: 'string', uniqueItems: true },
})

const content = (types: readonly string[], schema: unknown) =>
  Object.fromEntries(types.map((type) => [type, { schema }]))

function pathsOf(resource: Resource, groupVersion: GroupVersion) {
  const scope = resource.namespaced ? '/namespaces/{namespace}' : ''
  const collection = `/${rootPath(groupVersion)}${scope}/${resource.plural}`
  const kind = { ...groupVersion, kind: resource.kind }
  const operation = (
    action: string,
    name: string,
    {
      parameters = [],
      types,
      body,
    }: { parameters?: unknown[]; types?: string[]; body?: unknown } = {},
  ) => ({
    parameters,
    ...(body ? { requestBody: { content: content(types ?? ['*/*'], body), required: true } } : {}),
    responses: { 200: { description: 'OK', content: content(jsonTypes, ref(name)) } },
    'x-kubernetes-action': action,
    'x-kubernetes-group-version-kind': kind,
  })
  const one = schemaName(groupVersion, resource.kind)
  const list = schemaName(groupVersion, resource.listKind)
  const patch = {
    parameters: [...writing, query('force', 'boolean')],
    types: patchTypes,
    body: ref(`${metaV1}.Patch`),
  }
  const update = (name: string) => ({
    get: operation('get', name),
    put: operation('put', name, { parameters: writing, body: ref(name) }),
    patch: operation('patch', name, patch),
  })
  const parameters = resource.namespaced ? [inPath('namespace')] : []
  const named = [inPath('name'), ...parameters]
  const deletion = { parameters: [query('dryRun', 'string')], body: ref(`${metaV1}.DeleteOptions`) }
  const below = resource.subresources.map((subresource) => {
    const name = subresourceSchemas[subresource] ?? one
    const isObject = ['status', 'approval', 'scale', 'ephemeralcontainers', 'finalize'].includes(
      subresource,
    )
    const created = { post: operation('post', name, { parameters: writing, body: ref(name) }) }
    const streamed = { get: operation('connect', one) }
    const methods = isObject ? update(name) : name === one ? streamed : created
    return [`${collection}/{name}/${subresource}`, { parameters: named, ...methods }] as const
  })
  return {
    [collection]: {
      parameters,
      get: operation('list', list),
      post: operation('post', one, { parameters: writing, body: ref(one) }),
      ...(resource.isDeletedOneByOne
        ? {}
        : { delete: operation('deletecollection', `${metaV1}.Status`, deletion) }),
    },
    [`${collection}/{name}`]: {
      parameters: named,
      ...update(one),
      delete: operation('delete', `${metaV1}.Status`, deletion),
    },
    ...Object.fromEntries(below),
  }
}
