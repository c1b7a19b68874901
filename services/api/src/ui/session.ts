import { badRequest, StatusError } from '@reckon/kubernetes'
import type { FastifyPluginAsync, FastifyRequest } from 'fastify'
import type { AccountTokens } from '../access/account-tokens.ts'
import { type Authenticator, unauthorized } from '../access/authenticator.ts'
import { userOfToken } from '../access/bearer-token.ts'
import { textOf } from '../requests/request-body.ts'
import { cookiesIn, halvesOf, sessionCookie, tokenOf } from './session-cookie.ts'

const attributes = 'Path=/; Secure; HttpOnly; SameSite=Strict'

/**
 * The header with the page's half of the session. Only the page's own script can send it, so a form or an image of
 * another site cannot act in a session.
 */
const halfHeader = 'x-reckon-ui'

/**
 * POST /ui/session exchanges a token for a session of the page; DELETE ends it in this browser. A session has two
 * halves: a cookie, which the browser sends to every port of the host, and a secret that only the page knows.
 */
export const session: FastifyPluginAsync<{ tokens: AccountTokens }> = async (app, { tokens }) => {
  app.addHook('onRequest', async (request) => refuseOtherSites(request))
  app.post('/ui/session', async (request, reply) => {
    const token = tokenIn(textOf(request))
    const judged = await tokens.judge(token)
    if ('problem' in judged) {
      throw new StatusError('Unauthorized', `this token is nobody's here: ${judged.problem}`)
    }
    const { cookie, half } = halvesOf(token)
    reply.header('set-cookie', `${sessionCookie}=${cookie}; ${attributes}`)
    reply.header('cache-control', 'no-store')
    return { half }
  })
  app.delete('/ui/session', async (_request, reply) => {
    reply.header('set-cookie', `${sessionCookie}=; ${attributes}; Max-Age=0`)
    reply.header('clear-site-data', '"cache"')
    return {}
  })
}

/** The user of the request's session; a cookie without the page's half counts for nothing. */
export const sessionUser =
  (tokens: AccountTokens): Authenticator =>
  async (request) => {
    const half = halfOf(request)
    if (half === undefined) return undefined
    refuseOtherSites(request)
    const cookie = cookieOf(request)
    const token = cookie === undefined ? undefined : tokenOf({ cookie, half })
    if (token === undefined || isProxied(request)) throw unauthorized
    return userOfToken(tokens, token)
  }

/**
 * A browser's WebSocket cannot send a header of the page, so there the half is one of the subprotocols that it offers.
 */
const halfProtocol = 'half.ui.reckon.dev.'

function halfOf({ headers }: FastifyRequest): string | undefined {
  const half = headers[halfHeader]
  if (typeof half === 'string') return half
  const offered = headers['sec-websocket-protocol']?.split(',').map((each) => each.trim())
  const found = offered?.find((each) => each.startsWith(halfProtocol))
  if (found === undefined) return undefined
  // Any page may open a WebSocket, so check its origin.
  if (headers.origin !== `https://${headers.host}`) throw ofAnotherSite()
  return found.slice(halfProtocol.length)
}

const cookieOf = ({ headers }: FastifyRequest): string | undefined =>
  cookiesIn(headers.cookie ?? '')
    .find((each) => each.startsWith(`${sessionCookie}=`))
    ?.slice(sessionCookie.length + 1)

/**
 * What a pod answers through `proxy` has the same origin as the page, so a session never authenticates a request to
 * `proxy`, however its path is encoded.
 */
const isProxied = ({ routeOptions }: FastifyRequest): boolean =>
  routeOptions.url?.split('/').includes('proxy') === true

/** Browsers name the origin of a request. */
function refuseOtherSites({ headers }: FastifyRequest): void {
  const site = headers['sec-fetch-site']
  if (site === undefined || site === 'same-origin') return
  throw ofAnotherSite()
}

const ofAnotherSite = () =>
  new StatusError('Forbidden', 'a session is used by the page of this server alone')

function tokenIn(body: string): string {
  const given = parsed(body)
  const token = given && typeof given === 'object' && 'token' in given ? given.token : undefined
  if (typeof token === 'string' && token !== '') return token
  throw badRequest('a session begins with {"token": "…"}')
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
