import type { Duplex } from 'node:stream'
import { createWebSocketStream, WebSocketServer } from 'ws'
import { upgradedWebSocket } from './upgraded-websocket.ts'
import type { Upgrade } from './upgrades.ts'

/** SPDY tunnelled through WebSocket, as kubectl forwards ports from 1.31 on. */
const protocol = 'SPDY/3.1+portforward.k8s.io'
const header = 'sec-websocket-protocol'
const messageBytesMax = 16 * 1024 * 1024

/** Whether the client offers it. */
export const speaksTunnel = (offered: string | undefined): boolean =>
  (offered ?? '').split(',').some((each) => each.trim() === protocol)

/** Switches to WebSocket and returns the tunnelled connection; undefined if the client has gone meanwhile. */
export async function openWebSocketTunnel(upgrade: Upgrade): Promise<Duplex | undefined> {
  const server = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: messageBytesMax,
  })
  // The subprotocol's name has a character that is not allowed there, so the library must not see
  // it.
  delete upgrade.request.headers[header]
  server.once('headers', (headers) => headers.push(`Sec-WebSocket-Protocol: ${protocol}`))
  const websocket = await upgradedWebSocket(server, upgrade)
  return websocket && createWebSocketStream(websocket)
}
