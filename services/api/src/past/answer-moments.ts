import type { IncomingMessage } from 'node:http'
import { StatusError } from '@reckon/kubernetes'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { anonymous } from '../access/authenticator.ts'
import type { ApiPorts } from '../ports.ts'
import { isDryRun, queryOf } from '../requests/request-context.ts'
import { type RequestInfo, requestInfoOf } from '../requests/request-info.ts'
import { untilGone } from '../requests/until-gone.ts'
import { keepAnswers } from './kept-answers.ts'
import type { Moments } from './moments.ts'
import { namedMoment } from './named-moment.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Whether the route answers as of a request's moment. */
    knowsMoments?: true
    /** Whether it tells, of a request with `dryRun=All`, what a write would have done at its moment. */
    triesAtMoments?: true
  }
}

const texts = new WeakMap<IncomingMessage, string>()

/**
 * The URL without `/at/<moment>`, below which everything is where it is otherwise: a request is routed as one about the
 * present, and its moment kept for `answerMoments`.
 */
export function urlWithoutMoment(request: IncomingMessage): string {
  const url = request.url ?? '/'
  const [prefix = '', text] = /^\/at\/([^/?]+)/.exec(url) ?? []
  if (text === undefined) return url
  texts.set(request, textOf(text))
  const rest = url.slice(prefix.length)
  return rest.startsWith('/') ? rest : `/${rest}`
}

function textOf(encoded: string): string {
  try {
    return decodeURIComponent(encoded)
  } catch {
    return encoded
  }
}

/** From here on every GET that is routed answers as of its request's moment, too. */
export function knowMoments(app: FastifyInstance): void {
  app.addHook('onRoute', (route) => {
    if (route.method === 'GET' || route.method === 'HEAD') {
      route.config = { ...route.config, knowsMoments: true }
    }
  })
}

/**
 * From here on every POST and PATCH that is routed and records nothing (`dryRun=All`) is tried at its request's moment.
 */
export function tryAtMoments(app: FastifyInstance): void {
  app.addHook('onRoute', (route) => {
    if (route.method === 'POST' || route.method === 'PATCH') {
      route.config = { ...route.config, triesAtMoments: true }
    }
  })
}

type Context = { ports: Pick<ApiPorts, 'objects' | 'clock'>; moments: Moments }

/**
 * Finds the moment of a request below `/at/<moment>`: of a position; a time is answered with 307 to its position, at
 * which answers never change. What writes is refused with 405, and whatever is not recorded. To be added after what
 * finds out who asks.
 */
export function answerMoments(app: FastifyInstance, context: Context): void {
  app.decorateRequest('moment', undefined)
  app.addHook('onRequest', (request, reply, done) => {
    const text = texts.get(request.raw)
    if (text === undefined) return done()
    settle(context, { text, request, reply }).then((isOver) => {
      if (!isOver) done()
    }, done)
  })
  keepAnswers(app)
}

type MomentRequest = { text: string; request: FastifyRequest; reply: FastifyReply }

/** Whether the request is answered by that. */
async function settle(
  { ports, moments }: Context,
  { text, request, reply }: MomentRequest,
): Promise<boolean> {
  if (request.user === anonymous) throw noPastForAnonymous(request)
  const info = requestInfoOf(ports.objects.resources, request.method, request.url)
  // What only asks, as `kubectl auth can-i`, changes nothing; rights are those of the present.
  if (isReview(ports, info)) return false
  refuseUnrecorded(request, info)
  const named = namedMoment(text, ports.clock.now())
  if (named === undefined) throw new StatusError('Invalid', notMoment(text))
  const gone = untilGone(reply)
  if ('position' in named) {
    request.moment = await moments.of(named.position, named.timeMs, gone)
    return false
  }
  const position = await moments.positionBy(named.timeMs, gone)
  const time = new Date(named.timeMs).toISOString()
  reply.header('cache-control', 'no-store')
  reply.redirect(`/at/${position}@${time}${request.url}`, 307)
  return true
}

const notMoment = (text: string): string =>
  `at: "${text}" is no position of the log, no time (2026-11-27T14:02:00Z) and no duration (10m)`

const isReview = (
  { objects }: Context['ports'],
  { group, version, resource }: RequestInfo,
): boolean => objects.resources.at({ group, version }, resource)?.isReview === true

/** Refuses with 405 what cannot be of the past; an unknown path is none of those. */
function refuseUnrecorded(request: FastifyRequest, { verb }: RequestInfo): void {
  const { method, routeOptions, is404 } = request
  if (routeOptions.config.triesAtMoments && isDryRun(queryOf(request).dryRun)) return
  const isReading = method === 'GET' || method === 'HEAD'
  if (isReading && (is404 || routeOptions.config.knowsMoments)) return
  throw isReading || verb === 'CONNECT'
    ? notAllowed('this is not recorded: it can be asked of the present only')
    : notAllowed('the past does not change: below /at/ there is nothing but reading')
}

const notAllowed = (why: string): StatusError => new StatusError('MethodNotAllowed', why)

const noPastForAnonymous = ({ originalUrl }: FastifyRequest): StatusError =>
  new StatusError(
    'Forbidden',
    `forbidden: User "${anonymous.name}" cannot past path "${originalUrl.split('?')[0]}"`,
  )
