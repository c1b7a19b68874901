import type { WebSocket } from 'ws'

/** Sends a message that begins with the number of its channel; resolves to whether it went out. */
export function sendOnChannel(
  websocket: WebSocket,
  channel: number,
  bytes: Uint8Array,
): Promise<boolean> {
  return new Promise((resolve) => {
    const message = Buffer.concat([Buffer.of(channel), bytes])
    websocket.send(message, (error) => resolve(!error))
  })
}

/** Hears nothing more of the client until there is room again; `room` is absent where there is some. */
export function pauseUntil(websocket: WebSocket, room: Promise<void> | undefined): void {
  if (room === undefined) return
  websocket.pause()
  void room.then(() => websocket.resume())
}
