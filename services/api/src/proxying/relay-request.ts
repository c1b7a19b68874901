import type { ClientRequest, IncomingHttpHeaders, IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { connect as connectTls } from 'node:tls'
import { messageOf, StatusError } from '@reckon/kubernetes'
import { request as openRequest } from '@reckon/process/node-http'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { isUpgrade, takeOver } from '../streams/upgrades.ts'
import { sessionCookie, withoutSession } from '../ui/session-cookie.ts'
import { apartInBrowsers } from './apart-in-browsers.ts'

/** Where a request is relayed to. */
export type Backend = {
  connection: Duplex
  isTls: boolean
  host: string
  /**
   * The prefix of the request's path that leads to the backend; it is put before the paths in the backend's answers.
   */
  prefix: string
  /** The path at the backend, with its query. */
  path: string
}

/** Headers that belong to one connection, and those that authenticate the client to this api. */
const dropped = new Set([
  ...['authorization', 'connection', 'keep-alive', 'proxy-authenticate', 'proxy-authorization'],
  ...['te', 'trailer', 'transfer-encoding', 'upgrade', 'host'],
])

/**
 * Relays a request to a backend and streams the answer back, including a switch to another protocol. Ends with its
 * client, or when this process shuts down.
 */
export async function relayRequest(
  request: FastifyRequest,
  reply: FastifyReply,
  { closing, ...backend }: Backend & { closing: AbortSignal },
): Promise<void> {
  const sent = openRequest({
    method: request.method,
    path: backend.path,
    headers: headersFor(request, backend),
    createConnection: () => (backend.isTls ? withTls(backend.connection) : backend.connection),
  })
  const { socket } = request.raw
  const giveUp = () => backend.connection.destroy()
  socket.once('close', giveUp)
  closing.addEventListener('abort', giveUp)
  try {
    if (isUpgrade(request)) sent.end()
    else pipeline(request.raw, sent).catch((error) => sent.destroy(error))
    const { answer, upgraded } = await answerTo(sent)
    if (upgraded) await goOver(request, reply, { answer, ...upgraded })
    else await answerWith(request, reply, { answer, backend })
  } finally {
    // The client's connection and this process outlive the request.
    socket.off('close', giveUp)
    closing.removeEventListener('abort', giveUp)
    giveUp()
  }
}

async function answerWith(
  request: FastifyRequest,
  reply: FastifyReply,
  { answer, backend }: { answer: IncomingMessage; backend: Backend },
): Promise<void> {
  reply.hijack()
  const { raw } = reply
  const headers = { ...headersBack(answer, backend), ...apartInBrowsers(request) }
  raw.writeHead(answer.statusCode ?? 502, answer.statusMessage, headers)
  raw.flushHeaders()
  // A truncated body must not look complete.
  await pipeline(answer, raw).catch(() => raw.destroy())
}

/** As upstream, a backend's certificate is not verified. */
const withTls = (socket: Duplex): Duplex => connectTls({ socket, rejectUnauthorized: false })

type Answer = { answer: IncomingMessage; upgraded?: { socket: Duplex; head: Buffer } }

const answerTo = (sent: ClientRequest): Promise<Answer> =>
  new Promise((resolve, reject) => {
    sent.once('response', (answer) => resolve({ answer }))
    sent.once('upgrade', (answer, socket, head) => resolve({ answer, upgraded: { socket, head } }))
    sent.once('error', (error) => {
      const message = `error trying to reach service: ${messageOf(error)}`
      reject(new StatusError('ServiceUnavailable', message))
    })
  })

type Headers = Record<string, string | string[]>

const passedOn = (headers: IncomingHttpHeaders): Headers =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined || dropped.has(name) || name.startsWith('impersonate-')
        ? []
        : [[name, value] as const],
    ),
  )

function headersFor(request: FastifyRequest, { host, prefix }: Backend): Headers {
  const { upgrade, 'transfer-encoding': chunked, cookie = '', ...others } = request.headers
  const cookies = withoutSession(cookie)
  return {
    ...passedOn(others),
    ...(cookies && { cookie: cookies }),
    host,
    'x-forwarded-uri': prefix,
    'x-forwarded-host': request.host,
    'x-forwarded-proto': 'https',
    ...(chunked && { 'transfer-encoding': chunked }),
    ...(upgrade ? { connection: 'Upgrade', upgrade } : { connection: 'close' }),
  }
}

/** A backend's own paths are moved below the prefix; a backend must not set the session cookie of this server. */
function headersBack(answer: IncomingMessage, { prefix }: Backend): Headers {
  const { location, 'set-cookie': cookies = [], ...others } = answer.headers
  const isOwn = location?.startsWith('/') && !location.startsWith('//')
  const given = cookies.filter((cookie) => !isOfSession(cookie))
  return {
    ...passedOn(others),
    ...(location !== undefined && { location: isOwn ? `${prefix}${location}` : location }),
    ...(given.length > 0 && { 'set-cookie': given }),
  }
}

/** Some browsers send the value of a cookie without a name alone, as if it were a cookie with a name. */
const isOfSession = (cookie: string): boolean =>
  cookie.replace(/^[=\s]+/, '').split(/[=;\s]/, 1)[0] === sessionCookie

type Upgraded = { answer: IncomingMessage; socket: Duplex; head: Buffer }

/** Both ends now speak another protocol: bytes are passed on in both directions. */
async function goOver(
  request: FastifyRequest,
  reply: FastifyReply,
  { answer, socket, head }: Upgraded,
): Promise<void> {
  const upgrade = takeOver(request, reply)
  const client = upgrade.socket
  const lines = [`HTTP/1.1 ${answer.statusCode} ${answer.statusMessage}`]
  for (let at = 0; at < answer.rawHeaders.length; at += 2) {
    const [name = '', value = ''] = answer.rawHeaders.slice(at, at + 2)
    if (name.toLowerCase() === 'set-cookie' && isOfSession(value)) continue
    lines.push(`${name}: ${value}`)
  }
  client.write(`${lines.join('\r\n')}\r\n\r\n`)
  client.write(head)
  socket.write(upgrade.head)
  const ended = Promise.allSettled([pipeline(client, socket), pipeline(socket, client)])
  await ended
  client.destroy()
  socket.destroy()
  upgrade.over()
}
