import {
  apiVersionOf,
  badRequest,
  fromHub,
  type KubernetesObject,
  StatusError,
  tableOf,
} from '@reckon/kubernetes'
import type { FastifyRequest } from 'fastify'
import type { ServedResource } from '../requests/object-routes.ts'
import { queryOf } from '../requests/request-context.ts'

/** What stands beside the items of a list. */
export type ListMeta = { resourceVersion: string; continue?: string; remainingItemCount?: number }

/** How a client wants objects to be shown: whole, as rows for people, or their metadata alone. */
export type Representation = {
  one(object: KubernetesObject): unknown
  list(objects: readonly KubernetesObject[], meta: ListMeta): unknown
  /** An object within a watch; the columns of a table are told with the first one only. */
  watched(object: KubernetesObject): unknown
  /** An object that only carries a version, and perhaps annotations: a bookmark. */
  bookmark(metadata: { resourceVersion: string; annotations?: Record<string, string> }): unknown
}

type MediaType = { type: string; parameters: Readonly<Record<string, string>> }

/** The first representation of the Accept header that is served; 406 if there is none. */
export function representationOf(
  request: FastifyRequest,
  served: ServedResource,
  now: Date,
): Representation {
  for (const { type, parameters } of mediaTypes(request.headers.accept ?? '*/*')) {
    if (type !== 'application/json' && type !== '*/*' && type !== 'application/*') continue
    const { as, g, v } = parameters
    if (as === undefined) return whole(served)
    if (g !== 'meta.k8s.io' || (v !== 'v1' && v !== 'v1beta1')) continue
    if (as === 'Table') return table(served, `${g}/${v}`, includedObject(request), now)
    if (as.startsWith('PartialObjectMetadata')) return metadataOnly(`${g}/${v}`)
  }
  throw notAcceptable
}

const notAcceptable = new StatusError(
  'NotAcceptable',
  'only the following media types are accepted: application/json',
)

/** The media types of an Accept header, in its order. */
export function mediaTypes(accept: string): MediaType[] {
  return accept.split(',').map((part) => {
    const [type = '', ...rest] = part.split(';').map((piece) => piece.trim())
    const parameters = rest.map((piece) => {
      const [name = '', value = ''] = piece.split('=')
      return [name, value] as const
    })
    return { type: type.toLowerCase(), parameters: Object.fromEntries(parameters) }
  })
}

function whole({ resource, groupVersion }: ServedResource): Representation {
  const apiVersion = apiVersionOf(groupVersion)
  const show = (object: KubernetesObject) => fromHub(resource, groupVersion, object)
  return {
    one: show,
    list: (objects, metadata) => ({
      kind: resource.listKind,
      apiVersion,
      metadata,
      items: objects.map(show),
    }),
    watched: show,
    bookmark: (metadata) => ({ kind: resource.kind, apiVersion, metadata: bookmarked(metadata) }),
  }
}

function metadataOnly(apiVersion: string): Representation {
  const kind = 'PartialObjectMetadata'
  const show = ({ metadata }: KubernetesObject) => ({ kind, apiVersion, metadata })
  return {
    one: show,
    list: (objects, metadata) => ({
      kind: `${kind}List`,
      apiVersion,
      metadata,
      items: objects.map(show),
    }),
    watched: show,
    bookmark: (metadata) => ({ kind, apiVersion, metadata: bookmarked(metadata) }),
  }
}

type IncludeObject = 'None' | 'Metadata' | 'Object'

function includedObject(request: FastifyRequest): IncludeObject {
  const { includeObject } = queryOf(request)
  if (!includeObject) return 'Metadata'
  const known = (['None', 'Metadata', 'Object'] as const).find((value) => value === includeObject)
  if (known !== undefined) return known
  throw badRequest(`unrecognized includeObject value: "${includeObject}"`)
}

function table(
  { resource, groupVersion }: ServedResource,
  apiVersion: string,
  includeObject: IncludeObject,
  now: Date,
): Representation {
  let columnsTold = false
  const show = (objects: readonly KubernetesObject[], metadata: object) => {
    const columnDefinitions = !columnsTold
    columnsTold = true
    const options = { now, includeObject, metadata, columnDefinitions }
    return { ...tableOf(resource, groupVersion, objects, options), apiVersion }
  }
  const alone = (object: KubernetesObject) => {
    const { resourceVersion } = object.metadata
    return show([object], resourceVersion === undefined ? {} : { resourceVersion })
  }
  return { one: alone, list: show, watched: alone, bookmark: (metadata) => show([], metadata) }
}

const bookmarked = (metadata: object) => ({ creationTimestamp: null, ...metadata })
