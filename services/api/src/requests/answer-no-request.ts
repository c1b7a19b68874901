import type { Socket } from 'node:net'
import { type Status, StatusError } from '@reckon/kubernetes'
import { STATUS_CODES } from '@reckon/process/node-http'
import type { ConnectionError } from 'fastify'
import { plainHttp } from './answer-plain-http.ts'

/**
 * What is no request for another reason than its form, by the code of Node's error. As upstream, a Status of no reason.
 */
const otherRefusals: Readonly<Record<string, Pick<Status, 'code' | 'message'>>> = {
  HPE_HEADER_OVERFLOW: { code: 431, message: 'the header fields of the request are too large' },
  ERR_HTTP_REQUEST_TIMEOUT: { code: 408, message: 'the request did not come in whole in time' },
}

/**
 * Answers what cannot be read as a request of HTTP by a Status, as every refusal is told, and ends the connection:
 * where the next request would begin, nobody knows. Plain HTTP where TLS was to begin is answered below it
 * (`answer-plain-http.ts`).
 */
export function answerNoRequest(error: ConnectionError, socket: Socket): void {
  if (error.code === plainHttp) return
  // What TLS refuses, or who has gone, hears nothing any more.
  const isOfHttp = error.code.startsWith('HPE_') || Object.hasOwn(otherRefusals, error.code)
  if (!isOfHttp || !socket.writable) {
    socket.destroy(error)
    return
  }
  const status = statusOf(error)
  const body = JSON.stringify(status)
  const lines = [
    `HTTP/1.1 ${status.code} ${STATUS_CODES[status.code]}`,
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
  ]
  socket.write(`${lines.join('\r\n')}\r\n\r\n${body}`)
  socket.destroySoon()
}

function statusOf({ code, message }: ConnectionError): Status {
  const malformed = new StatusError('BadRequest', message).toStatus()
  const { reason, ...unnamed } = malformed
  const other = otherRefusals[code]
  return other ? { ...unnamed, ...other } : malformed
}
