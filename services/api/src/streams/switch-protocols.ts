import { StatusError } from '@reckon/kubernetes'
import type { FastifyRequest } from 'fastify'
import { SpdyConnection } from './spdy-connection.ts'
import type { Upgrade } from './upgrades.ts'

const header = 'x-stream-protocol-version'

/** Refuses a SPDY client that does not offer this subprotocol, as upstream does. */
export function checkSpdyProtocol(request: FastifyRequest, served: string): void {
  const offered = [request.headers[header] ?? []].flat().flatMap((each) => each.split(','))
  const names = offered.map((each) => each.trim())
  if (names.includes(served)) return
  const message = `unable to upgrade: unable to negotiate protocol: client supports [${names.join(' ')}], server accepts [${served}]`
  throw new StatusError('Forbidden', message)
}

/** Switches to SPDY/3.1. */
export function switchToSpdy({ socket, head }: Upgrade, protocol: string): SpdyConnection {
  const lines = [
    'HTTP/1.1 101 Switching Protocols',
    'Connection: Upgrade',
    'Upgrade: SPDY/3.1',
    `X-Stream-Protocol-Version: ${protocol}`,
  ]
  socket.write(`${lines.join('\r\n')}\r\n\r\n`)
  if (head.length > 0) socket.unshift(head)
  return new SpdyConnection(socket)
}
