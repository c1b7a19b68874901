import {
  deprecationOf,
  type GroupVersion,
  type Resource,
  type ResourceTable,
  type Subresource,
} from '@reckon/kubernetes'
import type { FastifyInstance, FastifyReply, FastifyRequest, HTTPMethods } from 'fastify'
import { kindsOf } from '../past/moment-of-request.ts'

/** A resource, the version in which a path names it, and the subresource. */
export type ServedResource = {
  resource: Resource
  groupVersion: GroupVersion
  subresource?: Subresource
}

/** The parameters of a path; `namespace` is absent for cluster-scoped resources, and for lists over all namespaces. */
export type ObjectParams = { namespace?: string; name: string }

/**
 * The shapes of object paths below a group and version. `list`: a collection in one namespace or in all, for lists and
 * watches; `collection`: where objects are created and deleted together; `item`: one object.
 */
const shapes = {
  list: ['/:plural', '/namespaces/:namespace/:plural'],
  collection: ['/:plural', '/namespaces/:namespace/:plural'],
  item: ['/:plural/:name', '/namespaces/:namespace/:plural/:name'],
} as const

const roots = ['/api/:version', '/apis/:group/:version']

type Route = {
  method: HTTPMethods
  shape: keyof typeof shapes
  /** A subresource, or a wildcard for those without a route of their own. */
  subresource?: Subresource | ':subresource'
}

type PathParams = ObjectParams & {
  group?: string
  version: string
  plural?: string
  subresource?: string
}

/** A request about objects. */
export type ObjectRequest = FastifyRequest<{ Params: ObjectParams }>

/** Handles a request about objects of the resource that its path names. */
export type ObjectHandler = (
  served: ServedResource,
  request: ObjectRequest,
  reply: FastifyReply,
) => Promise<unknown>

/**
 * Registers one method for all paths of a shape, whatever the resource. The resource is looked up in the table at each
 * request, in that of the request's moment if it has one; an unknown one is answered like any unknown path.
 */
export function routeObjects(
  app: FastifyInstance,
  resources: ResourceTable,
  route: Route,
  handle: ObjectHandler,
): void {
  for (const url of pathsOf(route)) {
    app.route<{ Params: PathParams }>({
      method: route.method,
      url,
      // A stream never ends, so a HEAD could wait for ever.
      exposeHeadRoute: isWhole(route),
      handler: (request, reply) => {
        const served = servedBy(kindsOf(request, resources), route, request.params)
        if (served === undefined || !hasMethod(served.resource, route)) return reply.callNotFound()
        const deprecation = deprecationOf(served.resource, served.groupVersion)
        if (deprecation) reply.header('warning', warningsOf([deprecation]))
        return handle(served, request, reply)
      },
    })
  }
}

/** Whether the resource supports this method; reviews and usage are not stored, and support few. */
function hasMethod(
  { isReview, isUsage, isDeletedOneByOne }: Resource,
  { method, shape }: Route,
): boolean {
  if (isReview) return method === 'POST'
  return !isUsage && !(isDeletedOneByOne && shape === 'collection' && method === 'DELETE')
}

const isWhole = ({ subresource }: Route): boolean =>
  subresource === undefined || subresource === 'status' || subresource === 'scale'

/** Warnings in the form of the `Warning` header (RFC 7234; code 299 is a miscellaneous warning). */
export const warningsOf = (warnings: readonly string[]): string[] =>
  warnings.map((warning) => `299 - ${JSON.stringify(warning)}`)

function pathsOf({ shape, subresource }: Route): readonly string[] {
  const below = subresource === undefined ? '' : `/${subresource}`
  const paths = roots.flatMap((root) => shapes[shape].map((path) => `${root}${path}${below}`))
  // A Namespace's own subresources have the same path shape as objects in it.
  const isNamespaces = subresource === 'status' || subresource === 'finalize'
  return isNamespaces ? [...paths, `/api/:version/namespaces/:name${below}`] : paths
}

function servedBy(
  resources: ResourceTable,
  { shape, subresource }: Route,
  params: PathParams,
): ServedResource | undefined {
  const { group = '', version, plural = 'namespaces', namespace } = params
  const resource = resources.at({ group, version }, plural)
  const isInNamespace = namespace !== undefined
  const isEverywhere = shape === 'list' && !isInNamespace
  if (!resource || (!isEverywhere && resource.namespaced !== isInNamespace)) return undefined
  const served = { resource, groupVersion: { group, version } }
  if (subresource === undefined) return served
  const wanted = params.subresource ?? subresource
  const below = resource.subresources.find((name) => name === wanted)
  return below && { ...served, subresource: below }
}

const objectPath =
  /^\/(?:api|apis\/(?<group>[^/]+))\/(?<version>[^/]+)(?:\/namespaces\/(?<namespace>[^/]+))?\/(?<plural>[^/]+)(?:\/(?<name>[^/]+))?\/?$/

/** Whether this path of objects supports any method. */
export function isObjectPath(resources: ResourceTable, path: string): boolean {
  const {
    group = '',
    version = '',
    namespace,
    plural = '',
    name,
  } = objectPath.exec(path)?.groups ?? {}
  const shape = name === undefined ? 'list' : 'item'
  const params = { group, version, plural, name: name ?? '', ...(namespace && { namespace }) }
  return servedBy(resources, { method: 'GET', shape }, params) !== undefined
}

/** `/api/v1`, `/apis/apps/v1`. */
export function pathOf({ group, version }: GroupVersion): string {
  return group === '' ? `/api/${version}` : `/apis/${group}/${version}`
}
