import type { WebSocket } from 'ws'

/** Sends a message prefixed with its channel number; resolves to whether it was sent. */
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

/** Pauses the client until there is room again; `room` is undefined if there is room now. */
export function pauseUntil(websocket: WebSocket, room: Promise<void> | undefined): void {
  if (room === undefined) return
  websocket.pause()
  void room.then(() => websocket.resume())
}
