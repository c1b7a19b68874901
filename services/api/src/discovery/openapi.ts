import {
  type GroupVersion,
  openApiV3,
  openApiV3Index,
  type ResourceTable,
} from '@reckon/kubernetes'
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { kindsOf, prefixOf } from '../past/moment-of-request.ts'
import { pathOf } from '../requests/object-routes.ts'
import { authorizePath } from '../requests/request-context.ts'
import { createDescriptions } from './descriptions.ts'
import { notServed } from './discovery.ts'
import { madeOfTable } from './of-table.ts'
import { sendTagged, type Tagged, tagged } from './tagged-answer.ts'

type Route = { Params: GroupVersion; Querystring: { hash?: string } }

const yearMs = 365 * 24 * 60 * 60 * 1000

type Context = { resources: ResourceTable; now: () => number }

/** GET /openapi/v3 and below: the schemas, each under a hash of itself so that clients keep them for ever. */
export const openapi: FastifyPluginAsync<Context> = async (app, { resources, now }) => {
  const descriptions = createDescriptions()
  const documentsOf = madeOfTable(() => new Map<string, Tagged>())
  const documentOf = (kinds: ResourceTable, groupVersion: GroupVersion): Tagged => {
    const documents = documentsOf(kinds)
    const path = pathOf(groupVersion)
    const known = documents.get(path)
    if (known !== undefined) return known
    const document = openApiV3(kinds, groupVersion, descriptions)
    if (document === undefined) throw notServed
    const made = tagged(JSON.stringify(document))
    documents.set(path, made)
    return made
  }
  const send = (
    request: FastifyRequest<Route>,
    reply: FastifyReply,
    groupVersion: GroupVersion,
  ): FastifyReply => {
    const document = documentOf(kindsOf(request, resources), groupVersion)
    const { tag } = document
    const { hash } = request.query
    reply.header('vary', 'Accept')
    if (hash !== undefined && hash !== tag) {
      return reply.redirect(
        `${prefixOf(request)}/openapi/v3${pathOf(groupVersion)}?hash=${tag}`,
        301,
      )
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
    const kinds = kindsOf(request, resources)
    const index = openApiV3Index(kinds, (groupVersion) => documentOf(kinds, groupVersion).tag)
    return sendTagged(request, reply, tagged(JSON.stringify(index)))
  })
  app.get<Route>('/openapi/v3/api/v1', (request, reply) =>
    send(request, reply, { group: '', version: 'v1' }),
  )
  app.get<Route>('/openapi/v3/apis/:group/:version', (request, reply) =>
    send(request, reply, request.params),
  )
}
