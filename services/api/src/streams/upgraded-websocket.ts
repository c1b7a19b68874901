import type { WebSocket, WebSocketServer } from 'ws'
import type { Upgrade } from './upgrades.ts'

/** Goes over to WebSocket as the server speaks it; undefined where the client is gone meanwhile. */
export function upgradedWebSocket(
  server: WebSocketServer,
  { request, socket, head }: Upgrade,
): Promise<WebSocket | undefined> {
  return new Promise((resolve) => {
    socket.once('close', () => resolve(undefined))
    if (socket.destroyed) resolve(undefined)
    else server.handleUpgrade(request, socket, head, resolve)
  })
}
