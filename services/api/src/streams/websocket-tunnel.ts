import type { Duplex } from 'node:stream'
import { createWebSocketStream, WebSocketServer } from 'ws'
import { upgradedWebSocket } from './upgraded-websocket.ts'
import type { Upgrade } from './upgrades.ts'

/** SPDY within WebSocket, as kubectl forwards ports from 1.31 on. */
const protocol = 'SPDY/3.1+portforward.k8s.io'
const header = 'sec-websocket-protocol'
const messageBytesMax = 16 * 1024 * 1024

/** Whether the client speaks it. */
export const speaksTunnel = (offered: string | undefined): boolean =>
  (offered ?? '').split(',').some((each) => each.trim() === protocol)

/** Goes over to WebSocket: what flows within. Undefined where the client is gone meanwhile. */
export async function openWebSocketTunnel(upgrade: Upgrade): Promise<Duplex | undefined> {
  const server = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: messageBytesMax,
  })
  // The protocol's name has a character that no such name may have: the library is not told of it.
  delete upgrade.request.headers[header]
  server.once('headers', (headers) => headers.push(`Sec-WebSocket-Protocol: ${protocol}`))
  const websocket = await upgradedWebSocket(server, upgrade)
  return websocket && createWebSocketStream(websocket)
}
