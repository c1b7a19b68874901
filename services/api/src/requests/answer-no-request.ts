import type { Socket } from 'node:net'
import { type Status, StatusError } from '@reckon/kubernetes'
import { STATUS_CODES } from '@reckon/process/node-http'
import type { ConnectionError } from 'fastify'
import { plainHttp } from './answer-plain-http.ts'

/** Errors of Node's HTTP parser other than a syntax error, by code. As upstream, their Status has no reason. */
const otherRefusals: Readonly<Record<string, Pick<Status, 'code' | 'message'>>> = {
  HPE_HEADER_OVERFLOW: { code: 431, message: 'the header fields of the request are too large' },
  ERR_HTTP_REQUEST_TIMEOUT: { code: 408, message: 'the request did not come in whole in time' },
}

/**
 * Answers what cannot be parsed as an HTTP request with a Status, like every refusal, and ends the connection, since
 * nobody knows where the next request would begin. Plain HTTP on a TLS port is handled in `answer-plain-http.ts`.
 */
export function answerNoRequest(error: ConnectionError, socket: Socket): void {
  if (error.code === plainHttp) return
  // After a TLS error, or when the client has gone, nothing can be sent.
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
