import type { Socket } from 'node:net'

/** With more than this, the oldest is closed: a client that opens many keeps nobody else out. */
const pendingMax = 512

/**
 * Connections without an admitted call so far. Each has a limited time for the handshake, the protocol's first bytes,
 * the first request and the password together.
 */
export class PendingConnections {
  readonly #silenceMsMax: number
  /** By peer, oldest first. */
  readonly #waiting = new Map<string, { readonly socket: Socket; readonly timer: NodeJS.Timeout }>()

  constructor(silenceMsMax: number) {
    this.#silenceMsMax = silenceMsMax
  }

  add(socket: Socket): void {
    const peer = `${socket.remoteAddress}:${socket.remotePort}`
    const timer = setTimeout(() => socket.destroy(), this.#silenceMsMax)
    this.#waiting.set(peer, { socket, timer })
    socket.on('close', () => {
      clearTimeout(timer)
      // Its address may be another connection's by now.
      if (this.#waiting.get(peer)?.socket === socket) this.#waiting.delete(peer)
    })
    if (this.#waiting.size <= pendingMax) return
    const [oldest] = this.#waiting.values()
    oldest?.socket.destroy()
  }

  admit(peer: string): void {
    const admitted = this.#waiting.get(peer)
    clearTimeout(admitted?.timer)
    this.#waiting.delete(peer)
  }
}
