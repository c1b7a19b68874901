import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { Agent, type RequestOptions, request } from 'node:https'
import type { Duplex } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Access } from '../contexts/kubeconfig.ts'
import { passUpgrade } from './pass-upgrade.ts'
import { isOwnPeer } from './peer-user.ts'
import { ProxySessions } from './proxy-sessions.ts'
import { judge } from './request-rules.ts'

/** The running proxy of `reckon dashboard`; each link opens one session. */
export type DashboardProxy = { link(): string; close(): Promise<void> }

/** Headers that concern one connection or this proxy's sessions: they are not passed on to the API. */
const ownHeaders = new Set([
  ...['connection', 'keep-alive', 'transfer-encoding', 'upgrade', 'host', 'origin', 'referer'],
  ...['cookie', 'x-reckon-ui', 'authorization', 'sec-fetch-site', 'user-agent'],
])

/** Serves the dashboard on loopback: a proxy that asks the API with these credentials. */
export async function startDashboardProxy(access: Access, port: number): Promise<DashboardProxy> {
  const agent = new Agent({ keepAlive: true, ...access.tls })
  const server = createServer()
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  const address = server.address()
  const own = typeof address === 'object' && address !== null ? address.port : port
  const names = [`localhost:${own}`, `127.0.0.1:${own}`]
  const sessions = new ProxySessions(Date.now, own)
  const answer = async (asked: IncomingMessage, reply: ServerResponse): Promise<void> => {
    const { method = 'GET', headers, url = '/' } = asked
    const judged = judge({ method, url, headers }, names)
    if (judged.is === 'refused') return refuse(reply, judged.code, judged.message)
    if (judged.path === '/') return void reply.writeHead(302, { location: '/ui/' }).end()
    if (judged.is === 'session') return answerSession(sessions, asked, reply)
    if (judged.is === 'api' && !sessions.holds(headers)) {
      return refuse(reply, 401, 'there is no session; "reckon dashboard" prints a link to one')
    }
    return passOn(asked, reply, { ...access, agent, path: judged.path })
  }
  server.on('request', (asked, reply) => {
    answer(asked, reply).catch((error: unknown) => {
      if (!reply.headersSent) {
        const because = error instanceof Error ? error.message : String(error)
        refuse(reply, 502, `the API at ${access.server} does not answer: ${because}`)
      } else reply.destroy()
    })
  })
  const streams = new AbortController()
  server.on('upgrade', (asked: IncomingMessage, socket: Duplex, head: Buffer) => {
    const { method = 'GET', headers, url = '/' } = asked
    const judged = judge({ method, url, headers }, names)
    const isKnown = judged.is === 'api' && sessions.holds(headers)
    if (!isKnown) return void socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n')
    const to = new URL(`${access.server.replace(/\/$/, '')}${judged.path}`)
    const client = { headers, socket, head }
    passUpgrade(client, { to, tls: access.tls, headers: access.headers }, streams.signal)
  })
  return {
    // By IP address, because a host name might resolve to ::1 first, where another process could
    // listen.
    link: () => `http://127.0.0.1:${own}/ui/#code=${sessions.newCode()}`,
    close: async () => {
      agent.destroy()
      streams.abort()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

async function answerSession(
  sessions: ProxySessions,
  asked: IncomingMessage,
  reply: ServerResponse,
): Promise<void> {
  if (asked.method === 'DELETE') {
    reply.setHeader('set-cookie', sessions.end(asked.headers))
    return tell(reply, 200, {})
  }
  if (!(await isOwnPeer(asked.socket))) {
    return refuse(reply, 403, 'this proxy belongs to another user of this machine')
  }
  const begun = sessions.begin(codeIn(await textOf(asked)))
  if (begun === undefined) return refuse(reply, 401, 'this link was used already, or is too old')
  reply.setHeader('set-cookie', begun.cookie)
  return tell(reply, 200, { half: begun.half })
}

/** The largest request body that begins a session. */
const textMax = 1_000

async function textOf(asked: IncomingMessage): Promise<string> {
  let text = ''
  for await (const part of asked.setEncoding('utf8')) {
    text += part
    if (text.length > textMax) return ''
  }
  return text
}

function codeIn(body: string): string {
  try {
    const { code }: { code?: unknown } = JSON.parse(body)
    return typeof code === 'string' ? code : ''
  } catch {
    return ''
  }
}

type Api = Pick<Access, 'server' | 'headers'> & { agent: Agent; path: string }

/** Passes a request on to the API, and streams the answer back. */
async function passOn(
  asked: IncomingMessage,
  reply: ServerResponse,
  { server, headers, agent, path }: Api,
): Promise<void> {
  const kept = Object.entries(asked.headers).filter(([name]) => !ownHeaders.has(name))
  const options: RequestOptions = {
    agent,
    method: asked.method ?? 'GET',
    headers: { ...Object.fromEntries(kept), ...headers, 'user-agent': 'reckon-dashboard' },
  }
  const sent = request(new URL(`${server.replace(/\/$/, '')}${path}`), options)
  reply.once('close', () => sent.destroy())
  const answered = new Promise<IncomingMessage>((resolve, reject) => {
    sent.once('response', resolve)
    sent.once('error', reject)
  })
  const [response] = await Promise.all([answered, pipeline(asked, sent)])
  const told = Object.entries(response.headers).filter(([name]) => !hopHeaders.has(name))
  reply.writeHead(response.statusCode ?? 502, Object.fromEntries(told))
  reply.flushHeaders()
  // The browser may disconnect at any time: that ends the request to the API, and is no failure.
  await pipeline(response, reply).catch(() => sent.destroy())
}

const hopHeaders = new Set(['connection', 'keep-alive', 'transfer-encoding'])

const refuse = (reply: ServerResponse, code: number, message: string): void =>
  tell(reply, code, { kind: 'Status', status: 'Failure', code, message })

function tell(reply: ServerResponse, code: number, body: object): void {
  reply.writeHead(code, { 'content-type': 'application/json', 'cache-control': 'no-store' })
  reply.end(JSON.stringify(body))
}
