import {
  deprecationOf,
  type GroupVersion,
  type Resource,
  type ResourceTable,
  type Subresource,
} from '@reckon/kubernetes'
import type { FastifyInstance, FastifyReply, FastifyRequest, HTTPMethods } from 'fastify'
import { kindsOf } from '../past/moment-of-request.ts'

/** A resource, the version in which a path names it, and what the path names below an object. */
export type ServedResource = {
  resource: Resource
  groupVersion: GroupVersion
  subresource?: Subresource
}

/** What the paths' parameters hold; `namespace` is absent for resources without, and for lists over all. */
export type ObjectParams = { namespace?: string; name: string }

/**
 * The shapes of objects' paths below the root of a group and version. `list`: what can be listed and watched, in one
 * namespace or in all; `collection`: where objects are created and deleted together; `item`: one object.
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
  /** What is below an item, or all that no other route takes. */
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

/** Answers a request about objects of the resource that its path names. */
export type ObjectHandler = (
  served: ServedResource,
  request: ObjectRequest,
  reply: FastifyReply,
) => Promise<unknown>

/**
 * Routes one method of every path of a shape, whatever the resource: which one it is, the table says at each request,
 * that of the request's moment if it has one. What it does not know is as unknown as any other path.
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
      // What begins to flow has no end that a HEAD could wait for.
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

/** Whether the resource has this method, which what is stored has. */
function hasMethod(
  { isReview, isUsage, isDeletedOneByOne }: Resource,
  { method, shape }: Route,
): boolean {
  if (isReview) return method === 'POST'
  return !isUsage && !(isDeletedOneByOne && shape === 'collection' && method === 'DELETE')
}

const isWhole = ({ subresource }: Route): boolean =>
  subresource === undefined || subresource === 'status' || subresource === 'scale'

/** Warnings as they stand in headers (RFC 7234; 299 says nothing in particular). */
export const warningsOf = (warnings: readonly string[]): string[] =>
  warnings.map((warning) => `299 - ${JSON.stringify(warning)}`)

function pathsOf({ shape, subresource }: Route): readonly string[] {
  const below = subresource === undefined ? '' : `/${subresource}`
  const paths = roots.flatMap((root) => shapes[shape].map((path) => `${root}${path}${below}`))
  // A Namespace's own subresources look like what is in it.
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

/** Whether some method is served on this path of objects. */
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
