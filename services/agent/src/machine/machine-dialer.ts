import { request as requestSecure } from 'node:https'
import { connect, isIPv6, type Socket } from 'node:net'
import { request as requestPlain } from '@reckon/process/node-http'
import { type Connection, type Dialer, type HttpRequest, NoAnswer } from '../runtime/dialer.ts'
import { healthOf } from './grpc-health.ts'

/** Connects to containers from the machine itself, as a kubelet does. */
export const machineDialer: Dialer = {
  http: (request) => statusOf(request).catch(unanswered),
  connect: (host, port, timeoutMs) =>
    new Promise<void>((resolve, reject) => {
      const socket = connect({ host, port, timeout: timeoutMs })
      socket.on('connect', () => {
        socket.destroy()
        resolve()
      })
      socket.on('timeout', () => socket.destroy(new Error(`no answer within ${timeoutMs} ms`)))
      socket.on('error', reject)
    }).catch(unanswered),
  grpc: (request) => healthOf(request).catch(unanswered),
  open: (host, port, timeoutMs) =>
    new Promise<Connection>((resolve, reject) => {
      const socket = connect({ host, port, timeout: timeoutMs, allowHalfOpen: true })
      const onLate = () => socket.destroy(new Error(`no answer within ${timeoutMs} ms`))
      socket.on('timeout', onLate)
      socket.on('error', reject)
      socket.on('connect', () => {
        socket.off('timeout', onLate)
        socket.setTimeout(0)
        resolve(connectionOf(socket))
      })
    }).catch(unanswered),
}

/** A kubelet's limit; more redirects are an error. */
const redirectsMax = 10

/**
 * Follows redirects as a kubelet does: only to the same host, because another's answer would not be the container's,
 * and all within one timeout.
 */
async function statusOf(asked: HttpRequest): Promise<number> {
  let request = asked
  const late = AbortSignal.timeout(asked.timeoutMs)
  for (let redirects = 0; redirects < redirectsMax; redirects++) {
    const { status, location } = await answerTo(request, late)
    const { scheme, host, port, path } = request
    const here = `${scheme}://${isIPv6(host) ? `[${host}]` : host}:${port}${path}`
    const next = status >= 300 && status < 400 && location && URL.parse(location, here)
    if (!next || next.hostname !== new URL(here).hostname) return status
    const isSecure = next.protocol === 'https:'
    request = {
      ...request,
      scheme: isSecure ? 'https' : 'http',
      port: Number(next.port || (isSecure ? 443 : 80)),
      path: `${next.pathname}${next.search}`,
    }
  }
  throw new Error(`stopped after ${redirectsMax} redirects`)
}

const answerTo = (
  { scheme, host, port, path, headers, timeoutMs }: HttpRequest,
  late: AbortSignal,
) =>
  new Promise<{ status: number; location: string | undefined }>((resolve, reject) => {
    // As a kubelet does, certificates of containers are not verified.
    const options = { host, port, path, signal: late, rejectUnauthorized: false, agent: false }
    const userAgent = { 'user-agent': 'kube-probe/reckon', ...headers }
    const send = scheme === 'https' ? requestSecure : requestPlain
    const asked = send({ ...options, headers: userAgent }, (response) => {
      response.resume()
      resolve({ status: response.statusCode ?? 0, location: response.headers.location })
    })
    asked.on('error', (error) =>
      reject(late.aborted ? new Error(`no answer within ${timeoutMs} ms`) : error),
    )
    asked.end()
  })

/** Adapts a socket. */
export function connectionOf(socket: Socket): Connection {
  // Readers and writers receive the error.
  socket.on('error', () => undefined)
  return {
    incoming: incomingOf(socket),
    async write(bytes) {
      if (socket.destroyed || socket.writableEnded) return false
      return new Promise((resolve) => socket.write(bytes, (error) => resolve(!error)))
    },
    end: () => void socket.end(),
    close: () => void socket.destroy(),
  }
}

/** A broken connection counts as ended. */
async function* incomingOf(socket: Socket): AsyncGenerator<Uint8Array> {
  try {
    const chunks: AsyncIterable<Buffer> = socket.iterator({ destroyOnReturn: false })
    yield* chunks
  } catch (error) {
    if (!socket.destroyed) throw error
  }
}

/** Any error here, including for invalid headers and ports, is caused by what the pod asks for. */
function unanswered(error: Error): never {
  throw new NoAnswer(error.message, { cause: error })
}
