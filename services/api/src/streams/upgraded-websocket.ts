import type { WebSocket, WebSocketServer } from 'ws'
import type { Upgrade } from './upgrades.ts'

/** Switches to WebSocket; undefined if the client has gone meanwhile. */
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
