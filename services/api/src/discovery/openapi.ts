import {
  type GroupVersion,
  openApiV3,
  openApiV3Index,
  type ResourceTable,
  StatusError,
} from '@reckon/kubernetes'
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { pathOf } from '../requests/object-routes.ts'
import { authorizePath } from '../requests/request-context.ts'
import { createDescriptions } from './descriptions.ts'
import { sendTagged, type Tagged, tagged } from './tagged-answer.ts'

type Route = { Params: GroupVersion; Querystring: { hash?: string } }

const yearMs = 365 * 24 * 60 * 60 * 1000

type Context = { resources: ResourceTable; now: () => number }

/** GET /openapi/v3 and below: the schemas, each under a hash of itself so that clients keep them for ever. */
export const openapi: FastifyPluginAsync<Context> = async (app, { resources, now }) => {
  const documents = new Map<string, Tagged>()
  const descriptions = createDescriptions()
  let changes = resources.changes
  const documentOf = (groupVersion: GroupVersion): Tagged => {
    if (changes !== resources.changes) documents.clear()
    changes = resources.changes
    const path = pathOf(groupVersion)
    const known = documents.get(path)
    if (known !== undefined) return known
    const document = openApiV3(resources, groupVersion, descriptions)
    if (document === undefined) {
      throw new StatusError('NotFound', 'the server could not find the requested resource')
    }
    const made = tagged(JSON.stringify(document))
    documents.set(path, made)
    return made
  }
  const send = (
    request: FastifyRequest<Route>,
    reply: FastifyReply,
    groupVersion: GroupVersion,
  ): FastifyReply => {
    const document = documentOf(groupVersion)
    const { tag } = document
    const { hash } = request.query
    reply.header('vary', 'Accept')
    if (hash !== undefined && hash !== tag) {
      return reply.redirect(`/openapi/v3${pathOf(groupVersion)}?hash=${tag}`, 301)
    }
    if (hash === tag) {
      reply.header('cache-control', 'public, immutable')
      reply.header('expires', new Date(now() + yearMs).toUTCString())
    } else reply.header('cache-control', 'no-cache, private')
    return sendTagged(request, reply, document)
  }
  app.addHook('onRequest', async (request) => {
    authorizePath(request)
  })
  app.get('/openapi/v3', (request, reply) => {
    const index = openApiV3Index(resources, (groupVersion) => documentOf(groupVersion).tag)
    return sendTagged(request, reply, tagged(JSON.stringify(index)))
  })
  app.get<Route>('/openapi/v3/api/v1', (request, reply) =>
    send(request, reply, { group: '', version: 'v1' }),
  )
  app.get<Route>('/openapi/v3/apis/:group/:version', (request, reply) =>
    send(request, reply, request.params),
  )
}
