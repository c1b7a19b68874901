import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import { request } from 'node:https'
import type { Duplex } from 'node:stream'
import type { Access } from '../contexts/kubeconfig.ts'
import { offeredProtocols } from './proxy-sessions.ts'

type Client = { headers: IncomingHttpHeaders; socket: Duplex; head: Buffer }
type Api = Pick<Access, 'tls' | 'headers'> & { to: URL }

/** Passes a WebSocket of the page through to the API with these credentials, until it ends or the signal aborts. */
export function passUpgrade(
  { headers, socket, head }: Client,
  { to, tls, headers: own }: Api,
  signal: AbortSignal,
): void {
  const sent = request(to, {
    ...tls,
    agent: false,
    signal,
    headers: {
      ...own,
      'user-agent': 'reckon-dashboard',
      connection: 'Upgrade',
      upgrade: 'websocket',
      'sec-websocket-key': headers['sec-websocket-key'],
      'sec-websocket-version': headers['sec-websocket-version'],
      'sec-websocket-protocol': offeredProtocols(headers),
    },
  })
  const end = () => {
    sent.destroy()
    socket.destroy()
  }
  socket.once('error', end).once('close', end)
  signal.addEventListener('abort', end, { once: true })
  sent.once('error', end)
  sent.once('response', (answer) => {
    socket.write(headOf(answer))
    answer.pipe(socket)
  })
  sent.once('upgrade', (answer, api: Duplex, first: Buffer) => {
    api.once('error', end).once('close', end)
    socket.write(headOf(answer))
    socket.write(first)
    api.write(head)
    api.pipe(socket)
    socket.pipe(api)
  })
  sent.end()
}

/** The head of an answer, unchanged. */
function headOf({ statusCode, statusMessage, rawHeaders }: IncomingMessage): string {
  const lines: string[] = []
  for (let index = 0; index < rawHeaders.length; index += 2) {
    lines.push(`${rawHeaders[index]}: ${rawHeaders[index + 1]}`)
  }
  return [`HTTP/1.1 ${statusCode} ${statusMessage}`, ...lines, '', ''].join('\r\n')
}
