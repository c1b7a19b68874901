import { createHash } from 'node:crypto'
import {
  aggregatedDiscovery,
  apiGroup,
  apiGroupList,
  apiResourceList,
  apiVersions,
  type ResourceTable,
  StatusError,
} from '@reckon/kubernetes'
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { kindsOf } from '../past/moment-of-request.ts'
import { servedTypes } from '../representation/media-types.ts'
import { authorizePath } from '../requests/request-context.ts'
import { sendTagged, tagged } from './tagged-answer.ts'

type Route = { Params: { group: string; version: string } }

/**
 * GET /api, /apis and below: what is served, as one aggregated document if the client accepts that, else document by
 * document.
 */
export const discovery: FastifyPluginAsync<{ resources: ResourceTable }> = async (
  app,
  { resources },
) => {
  app.addHook('onRequest', async (request) => {
    authorizePath(request)
  })
  const kinds = (request: Pick<FastifyRequest, 'moment'>) => kindsOf(request, resources)
  app.get('/api', (request, reply) =>
    atOnceOr(request, reply, { resources: kinds(request), of: 'core', plain: apiVersions }),
  )
  app.get('/apis', (request, reply) =>
    atOnceOr(request, reply, {
      resources: kinds(request),
      of: 'groups',
      plain: () => apiGroupList(kinds(request)),
    }),
  )
  app.get('/api/v1', async (request) =>
    apiResourceList(kinds(request), { group: '', version: 'v1' }, storageVersionHash),
  )
  app.get<Route>('/apis/:group', async (request) =>
    served(apiGroup(kinds(request), request.params.group)),
  )
  app.get<Route>('/apis/:group/:version', async (request) =>
    served(apiResourceList(kinds(request), request.params, storageVersionHash)),
  )
}

/** The 404 for a path that is not served. */
export const notServed = new StatusError(
  'NotFound',
  'the server could not find the requested resource',
)

function served<T>(document: T | undefined): T {
  if (document !== undefined) return document
  throw notServed
}

/** As upstream: the first eight bytes of the hash of the version in which a kind is stored. */
const storageVersionHash = (stored: string): string =>
  createHash('sha256').update(stored).digest().subarray(0, 8).toString('base64')

type DiscoveryAnswer = { resources: ResourceTable; of: 'core' | 'groups'; plain: () => object }

function atOnceOr(
  request: FastifyRequest,
  reply: FastifyReply,
  { resources, of, plain }: DiscoveryAnswer,
): FastifyReply {
  reply.header('vary', 'Accept')
  for (const { parameters } of servedTypes(request.headers.accept)) {
    const { as, g, v } = parameters
    if (as === undefined) return sendTagged(request, reply, tagged(JSON.stringify(plain())))
    if (as !== 'APIGroupDiscoveryList' || g !== 'apidiscovery.k8s.io') continue
    if (v !== 'v2' && v !== 'v2beta1') continue
    // Clients compare this media type character by character.
    reply.header('content-type', `application/json;g=${g};v=${v};as=${as}`)
    return sendTagged(request, reply, tagged(JSON.stringify(aggregatedDiscovery(resources, of, v))))
  }
  throw new StatusError(
    'NotAcceptable',
    'only the following media types are accepted: application/json, application/yaml',
  )
}
