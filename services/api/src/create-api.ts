import { constants } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { ComputedEvents } from '@reckon/domain'
import { type ResourceTable, StatusError } from '@reckon/kubernetes'
import Fastify, { type FastifyInstance, type FastifyPluginAsync } from 'fastify'
import { AccountTokens } from './access/account-tokens.ts'
import { authenticateRequests } from './access/authenticate-requests.ts'
import type { Authenticator } from './access/authenticator.ts'
import { authenticatorsOf } from './access/authenticators.ts'
import { authorizeRequests } from './access/authorize-requests.ts'
import type { Authorizer } from './access/authorizer.ts'
import { authorizers } from './access/authorizers.ts'
import { impersonateRequests } from './access/impersonate-requests.ts'
import { discovery, notServed } from './discovery/discovery.ts'
import { openapi } from './discovery/openapi.ts'
import { openapiV2 } from './discovery/openapi-v2.ts'
import { openid } from './discovery/openid.ts'
import { rootPaths } from './discovery/root-paths.ts'
import { version } from './discovery/version.ts'
import { density } from './history/density.ts'
import { difference } from './history/difference.ts'
import { events } from './history/events.ts'
import { involvedEvents } from './history/involved-events.ts'
import { objectHistory } from './history/object-history.ts'
import { position } from './history/position.ts'
import { route } from './history/route.ts'
import { ShownObjects } from './history/shown-objects.ts'
import { trace } from './history/trace.ts'
import { restore } from './history/undo/restore.ts'
import { undo } from './history/undo/undo.ts'
import { watchKinds } from './history/watch-kinds.ts'
import { serveKubeState } from './kube-state/serve-kube-state.ts'
import {
  answerMoments,
  knowMoments,
  tryAtMoments,
  urlWithoutMoment,
} from './past/answer-moments.ts'
import { Moments } from './past/moments.ts'
import { openPast } from './past/open-past.ts'
import type { Past } from './past/past.ts'
import { ResourcesAt } from './past/resources-at.ts'
import type { ApiPorts } from './ports.ts'
import { nodeProxy } from './proxying/node-proxy.ts'
import { proxy } from './proxying/proxy.ts'
import { EncodedObjects } from './representation/encoded-objects.ts'
import { formAnswers } from './requests/answer-form.ts'
import { answerInTurn } from './requests/answer-in-turn.ts'
import { answerNoRequest } from './requests/answer-no-request.ts'
import { answerPlainHttp } from './requests/answer-plain-http.ts'
import { health, Readiness, untilReady } from './requests/health.ts'
import { isObjectPath } from './requests/object-routes.ts'
import { pathOfWatched, withoutWatchPath } from './requests/old-watch-path.ts'
import { createErrorHandler, sendStatus } from './requests/refusal.ts'
import { acceptBodies, bodyBytesMax } from './requests/request-body.ts'
import { RequestFailures } from './requests/request-failures.ts'
import { measureRequests } from './requests/request-metrics.ts'
import { serveMetrics } from './requests/serve-metrics.ts'
import { PresentCluster } from './scheduling/present-cluster.ts'
import { schedulerConfiguration } from './scheduling/scheduler-configuration.ts'
import { utilisation } from './scheduling/utilisation.ts'
import { whatIf } from './scheduling/what-if.ts'
import { why } from './scheduling/why.ts'
import { attach } from './streams/attach.ts'
import { exec } from './streams/exec.ts'
import { log } from './streams/log.ts'
import { portForward } from './streams/port-forward.ts'
import { routeUpgrades } from './streams/upgrades.ts'
import { serveUi } from './ui/serve-ui.ts'
import { session } from './ui/session.ts'
import { usageMetrics } from './usage/usage-metrics.ts'
import { approval } from './verbs/approval.ts'
import { binding } from './verbs/binding.ts'
import { create } from './verbs/create.ts'
import { del } from './verbs/delete.ts'
import { deleteCollection } from './verbs/delete-collection.ts'
import { ephemeralContainers } from './verbs/ephemeral-containers.ts'
import { eviction } from './verbs/eviction.ts'
import { finalize } from './verbs/finalize.ts'
import { get } from './verbs/get.ts'
import { list } from './verbs/list.ts'
import { patch } from './verbs/patch.ts'
import { refusedSubresources } from './verbs/refused-subresources.ts'
import { replace } from './verbs/replace.ts'
import { scale } from './verbs/scale.ts'
import { status } from './verbs/status.ts'
import { token } from './verbs/token.ts'
import { RecentChanges } from './watching/recent-changes.ts'
import { Watches } from './watching/watches.ts'

/** HTTPS by this certificate and key; clients are known by certificates of this CA. */
export type Tls = { cert: Buffer; key: Buffer; ca: Buffer }

/**
 * Clients without a certificate are accepted as anonymous, so that they receive a refusal they can read. TCP keep-alive
 * finds watches whose clients vanished silently, and a client that never finishes the handshake is disconnected. As
 * upstream, renegotiation is off: the identity of a connection never changes.
 */
const connections = {
  requestCert: true,
  rejectUnauthorized: false,
  keepAlive: true,
  keepAliveInitialDelay: 30_000,
  handshakeTimeout: 10_000,
  secureOptions: constants.SSL_OP_NO_RENEGOTIATION,
}

/** How long a request may take to arrive completely. */
const requestMsMax = 60_000

export type ApiOptions = {
  tls?: Tls
  authenticator?: Authenticator
  authorizer?: Authorizer
}

/** The Kubernetes API over the log, ready to listen. Closing it ends its watches. */
export function createApi(ports: ApiPorts, options: ApiOptions = {}): FastifyInstance {
  const tokens = new AccountTokens(ports)
  const { tls, authenticator = authenticatorsOf(ports, tokens), authorizer = authorizers } = options
  const app = Fastify({
    ...(tls && { https: { ...tls, ...connections } }),
    bodyLimit: bodyBytesMax,
    requestTimeout: requestMsMax,
    genReqId: () => ports.ids.next(),
    rewriteUrl: routedUrl,
    routerOptions: { maxParamLength: 512, ignoreTrailingSlash: true },
    frameworkErrors: (error, _request, reply) =>
      sendStatus(reply, new StatusError('BadRequest', error.message).toStatus()),
    clientErrorHandler: answerNoRequest,
    forceCloseConnections: true,
  }) as unknown as FastifyInstance
  if (tls) answerPlainHttp(app.server)
  const { resources } = ports.objects
  const closing = new AbortController()
  app.addHook('preClose', async () => closing.abort())
  const view = new ShownObjects(ports.objects, new ComputedEvents(ports.objects))
  const recent = new RecentChanges(view)
  const past = openPast(ports)
  // A synchronous hook creates no promise; every request passes through all of them.
  app.addHook('onRequest', (request, reply, done) => {
    reply.header('audit-id', request.id)
    done()
  })
  authenticateRequests(app, authenticator)
  authorizeRequests(app, authorizer, ports.objects)
  impersonateRequests(app)
  answerInTurn(app)
  measureRequests(app, ports)
  const kinds = new ResourcesAt({ objects: ports.objects, recent, past })
  const moments = new Moments(ports, kinds)
  answerMoments(app, { ports, moments })
  acceptBodies(app)
  routeUpgrades(app)
  formAnswers(app, ports.gzip)
  app.setErrorHandler(createErrorHandler(new RequestFailures(ports)))
  answerUnknownPaths(app, resources)

  const ready = new Readiness(ports)
  const encoded = new EncodedObjects(view)
  const context: Context = {
    moments,
    ports,
    closing: closing.signal,
    recent,
    past,
    present: new PresentCluster(ports),
    authorizer,
    tokens,
    view,
  }
  const watches = new Watches(context)
  app.register(health, { ready, closing: closing.signal })
  app.register(serveMetrics, context)
  app.register(openid, context)
  app.register(serveUi)
  app.register(session, context)
  app.register(describeApi, context)
  app.register(async (objects) => {
    untilReady(objects, ready)
    const shown = { ...context, encoded, watches }
    for (const routes of [readObjects, writeObjects, serveFromNodes, serveScheduling, serveHistory])
      objects.register(routes, shown)
  })
  return app
}

type Context = {
  ports: ApiPorts
  closing: AbortSignal
  recent: RecentChanges
  past: Past
  present: PresentCluster
  moments: Moments
  authorizer: Authorizer
  tokens: AccountTokens
  view: ShownObjects
}

/** Discovery: which resources are served, with their schemas. */
const describeApi: FastifyPluginAsync<Context> = async (app, { ports }) => {
  const { resources } = ports.objects
  knowMoments(app)
  app.register(rootPaths, { resources })
  app.register(version)
  app.register(discovery, { resources })
  app.register(openapi, { resources, now: () => ports.clock.now() })
  app.register(openapiV2, { resources })
}

type ShownContext = Context & { encoded: EncodedObjects; watches: Watches }

/** Routes that read objects, now or at a moment of the past; some of them also write a part of an object. */
const readObjects: FastifyPluginAsync<ShownContext> = async (app, context) => {
  knowMoments(app)
  for (const verb of [get, status, approval, ephemeralContainers, scale]) {
    app.register(verb, context)
  }
  app.register(list, context)
  app.register(involvedEvents, context)
}

/** Routes that write objects. */
const writeObjects: FastifyPluginAsync<ShownContext> = async (app, context) => {
  for (const verb of [replace, del, finalize, binding, eviction]) app.register(verb, context)
  app.register(deleteCollection, context)
  app.register(async (tried) => {
    tryAtMoments(tried)
    tried.register(patch, context)
    tried.register(create, context)
  })
  app.register(token, context)
  app.register(refusedSubresources, { resources: context.ports.objects.resources })
}

/** Routes that are answered by nodes, or from what nodes have reported. */
const serveFromNodes: FastifyPluginAsync<ShownContext> = async (app, context) => {
  for (const stream of [log, exec, attach, portForward]) app.register(stream, context)
  app.register(proxy, context)
  app.register(nodeProxy, context)
  app.register(usageMetrics, context)
  app.register(serveKubeState, context)
}

/** Routes about how pods are placed. */
const serveScheduling: FastifyPluginAsync<ShownContext> = async (app, context) => {
  app.register(why, context)
  app.register(whatIf, context)
  app.register(utilisation, context)
  app.register(schedulerConfiguration, context)
}

/** Routes about what was recorded. */
const serveHistory: FastifyPluginAsync<ShownContext> = async (app, context) => {
  app.register(events, context)
  app.register(route, context)
  app.register(position, context)
  app.register(undo, context)
  app.register(restore, context)
  app.register(objectHistory, context)
  app.register(difference, context)
  app.register(trace, context)
  app.register(watchKinds, context)
  app.register(density, context)
}

/** The URL to route by: without the moment of the past in it, and with old watch paths translated to `watch=true`. */
function routedUrl(request: IncomingMessage): string {
  const url = urlWithoutMoment(request)
  return request.method === 'GET' ? withoutWatchPath(url) : url
}

/**
 * Below the API's roots, an unknown path is a resource that is not served, and a known path without this method is
 * `MethodNotAllowed`: both are answered with a Status. Any other unknown path is answered with text, as upstream does.
 */
function answerUnknownPaths(app: FastifyInstance, resources: ResourceTable): void {
  app.setNotFoundHandler((request, reply) => {
    const [path = ''] = request.url.split('?')
    if (isObjectPath(resources, path) || isObjectPath(resources, pathOfWatched(path))) {
      const message = 'the server does not allow this method on the requested resource'
      return sendStatus(reply, new StatusError('MethodNotAllowed', message).toStatus())
    }
    if (/^\/apis?(\/|$)/.test(path)) return sendStatus(reply, notServed.toStatus())
    return reply.code(404).header('content-type', 'text/plain').send('404 page not found\n')
  })
}
