import { request as requestPlain } from 'node:http'
import { request as requestSecure } from 'node:https'
import { connect } from 'node:net'
import { type Dialer, NoAnswer } from '../runtime/dialer.ts'

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
}

/** Whatever Node says here, also of headers and ports that it does not take, comes of what the pod asks for. */
function unanswered(error: Error): never {
  throw new NoAnswer(error.message, { cause: error })
}
