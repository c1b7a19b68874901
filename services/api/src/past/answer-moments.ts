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
import { namedMoment, notMoment } from './named-moment.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Whether this route answers requests about a moment of the past. */
    knowsMoments?: true
    /** Whether this route answers `dryRun=All` requests with what the write would have done at that moment. */
    triesAtMoments?: true
  }
}

const texts = new WeakMap<IncomingMessage, string>()

/**
 * The URL without its prefix `/at/<moment>`: the request is routed like one about the present, and `answerMoments`
 * reads the moment from the original URL.
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

/** Declares that every GET route registered from here on also answers about the past. */
export function knowMoments(app: FastifyInstance): void {
  app.addHook('onRoute', (route) => {
    if (route.method === 'GET' || route.method === 'HEAD') {
      route.config = { ...route.config, knowsMoments: true }
    }
  })
}

/**
 * Declares that every POST and PATCH route registered from here on can be tried (`dryRun=All`) at a moment of the past.
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
 * Resolves the moment of each request below `/at/<moment>`. A time is redirected (307) to its position, where answers
 * never change. Writes, and requests for what is not recorded, are refused with 405. Register this after
 * authentication.
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

/** Resolves the request's moment; true if the request is answered already. */
async function settle(
  { ports, moments }: Context,
  { text, request, reply }: MomentRequest,
): Promise<boolean> {
  if (request.user === anonymous) throw noPastForAnonymous(request)
  const info = requestInfoOf(ports.objects.resources, request.method, request.url)
  // Reviews such as `kubectl auth can-i` change nothing, and are decided by the present rights.
  if (isReview(ports, info)) return false
  refuseUnrecorded(request, info)
  const named = namedMoment(text, ports.clock.now())
  if (named === undefined) throw new StatusError('Invalid', notMoment('at', text))
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

const isReview = (
  { objects }: Context['ports'],
  { group, version, resource }: RequestInfo,
): boolean => objects.resources.at({ group, version }, resource)?.isReview === true

/** Refuses with 405 what has no past; unknown paths pass, to be answered with 404. */
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
