import { request as requestSecure } from 'node:https'
import { connect, type Socket } from 'node:net'
import { request as requestPlain } from '@reckon/process/node-http'
import { type Connection, type Dialer, NoAnswer } from '../runtime/dialer.ts'
import { healthOf } from './grpc-health.ts'

/** Reaches containers from the machine itself, as a kubelet does. */
export const machineDialer: Dialer = {
  http: ({ scheme, host, port, path, headers, timeoutMs }) =>
    new Promise<number>((resolve, reject) => {
      // Nobody vouches for the certificate of a container that only its node asks.
      const options = {
        host,
        port,
        path,
        timeout: timeoutMs,
        rejectUnauthorized: false,
        agent: false,
      }
      const userAgent = { 'user-agent': 'kube-probe/reckon', ...headers }
      const send = scheme === 'https' ? requestSecure : requestPlain
      const asked = send({ ...options, headers: userAgent }, (response) => {
        response.resume()
        resolve(response.statusCode ?? 0)
      })
      asked.on('timeout', () => asked.destroy(new Error(`no answer within ${timeoutMs} ms`)))
      asked.on('error', reject)
      asked.end()
    }).catch(unanswered),
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

/** A socket as a connection. */
export const connectionOf = (socket: Socket): Connection => ({
  incoming: incomingOf(socket),
  async write(bytes) {
    if (socket.destroyed || socket.writableEnded) return false
    return new Promise((resolve) => socket.write(bytes, (error) => resolve(!error)))
  },
  end: () => void socket.end(),
  close: () => void socket.destroy(),
})

/** A connection that breaks is one that says no more. */
async function* incomingOf(socket: Socket): AsyncGenerator<Uint8Array> {
  try {
    const chunks: AsyncIterable<Buffer> = socket.iterator({ destroyOnReturn: false })
    yield* chunks
  } catch (error) {
    if (!socket.destroyed) throw error
  }
}

/** Whatever Node says here, also of headers and ports that it does not take, comes of what the pod asks for. */
function unanswered(error: Error): never {
  throw new NoAnswer(error.message, { cause: error })
}
