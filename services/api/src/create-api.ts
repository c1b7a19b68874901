import { type ResourceTable, StatusError } from '@reckon/kubernetes'
import Fastify, { type FastifyInstance, type FastifyRequest } from 'fastify'
import { formAnswers } from './answer-form.ts'
import { type User, userOfCertificate } from './authentication.ts'
import { binding } from './binding.ts'
import { create } from './create.ts'
import { del } from './delete.ts'
import { deleteCollection } from './delete-collection.ts'
import { discovery } from './discovery.ts'
import { get } from './get.ts'
import { health, Readiness, untilReady } from './health.ts'
import { events } from './history/events.ts'
import { why } from './history/why.ts'
import { list } from './list.ts'
import { isObjectPath } from './object-routes.ts'
import { openapi } from './openapi.ts'
import { openapiV2 } from './openapi-v2.ts'
import { patch } from './patch.ts'
import type { ApiPorts } from './ports.ts'
import { RecentChanges } from './recent-changes.ts'
import { createErrorHandler, sendStatus } from './refusal.ts'
import { refusedSubresources } from './refused-subresources.ts'
import { replace } from './replace.ts'
import { acceptBodies, bodyBytesMax } from './request-body.ts'
import { RequestFailures } from './request-failures.ts'
import { measureRequests } from './request-metrics.ts'
import { scale } from './scale.ts'
import { status } from './status.ts'
import { version } from './version.ts'

/** HTTPS by this certificate and key; clients are known by certificates of this CA. */
export type Tls = { cert: Buffer; key: Buffer; ca: Buffer }

/**
 * A client without a certificate is let in as anonymous, so that it gets a refusal that it can read. Watches of clients
 * that vanished silently are found out by TCP.
 */
const connections = {
  requestCert: true,
  rejectUnauthorized: false,
  keepAlive: true,
  keepAliveInitialDelay: 30_000,
}

export type ApiOptions = { tls?: Tls; authenticate?: (request: FastifyRequest) => User }

/** The Kubernetes API over the log, ready to listen. Closing it ends its watches. */
export function createApi(ports: ApiPorts, options: ApiOptions = {}): FastifyInstance {
  const { tls, authenticate = userOfCertificate } = options
  const app = Fastify({
    ...(tls && { https: { ...tls, ...connections } }),
    bodyLimit: bodyBytesMax,
    genReqId: () => ports.ids.next(),
    routerOptions: { maxParamLength: 512 },
    exposeHeadRoutes: false,
    forceCloseConnections: true,
  }) as unknown as FastifyInstance
  const { resources } = ports.objects
  const closing = new AbortController()
  app.addHook('preClose', async () => closing.abort())
  app.decorateRequest('user')
  app.addHook('onRequest', async (request, reply) => {
    request.user = authenticate(request)
    reply.header('audit-id', request.id)
  })
  measureRequests(app, ports)
  acceptBodies(app)
  formAnswers(app, ports.gzip)
  app.setErrorHandler(createErrorHandler(new RequestFailures(ports)))
  answerUnknownPaths(app, resources)

  const ready = new Readiness(ports)
  const context = { ports, closing: closing.signal, recent: new RecentChanges(ports.objects) }
  app.register(health, { ready })
  app.register(version)
  app.register(discovery, { resources })
  app.register(openapi, { resources, now: () => ports.clock.now() })
  app.register(openapiV2)
  app.register(async (objects) => {
    untilReady(objects, ready)
    for (const verb of [get, create, replace, patch, del, deleteCollection, status, scale]) {
      objects.register(verb, context)
    }
    objects.register(list, context)
    objects.register(refusedSubresources, { resources })
    objects.register(binding, context)
    objects.register(why, context)
    objects.register(events, context)
  })
  return app
}

/** Upstream answers text to paths that it does not know, and a Status to verbs that a known path has not. */
function answerUnknownPaths(app: FastifyInstance, resources: ResourceTable): void {
  app.setNotFoundHandler((request, reply) => {
    const [path = ''] = request.url.split('?')
    if (isObjectPath(resources, path)) {
      const message = 'the server does not allow this method on the requested resource'
      return sendStatus(reply, new StatusError('MethodNotAllowed', message).toStatus())
    }
    return reply.code(404).header('content-type', 'text/plain').send('404 page not found\n')
  })
}
