import type { Socket } from 'node:net'

/** The oldest newcomer goes when there are more: whoever keeps many open keeps nobody out. */
const newcomersMax = 512

/**
 * Connections of which no call was let in yet: with the handshake, the protocol's first bytes, a
 * request or the password still to come. Each has its time for all of that together.
 */
export class Newcomers {
  readonly #patienceMs: number
  /** By peer, oldest first. */
  readonly #waiting = new Map<string, { readonly socket: Socket; readonly timer: NodeJS.Timeout }>()

  constructor(patienceMs: number) {
    this.#patienceMs = patienceMs
  }

  add(socket: Socket): void {
    const peer = `${socket.remoteAddress}:${socket.remotePort}`
    const timer = setTimeout(() => socket.destroy(), this.#patienceMs)
    this.#waiting.set(peer, { socket, timer })
    socket.on('close', () => {
      clearTimeout(timer)
      // Its address may be another connection's by now.
      if (this.#waiting.get(peer)?.socket === socket) this.#waiting.delete(peer)
    })
    if (this.#waiting.size <= newcomersMax) return
    const [oldest] = this.#waiting.values()
    oldest?.socket.destroy()
  }

  admit(peer: string): void {
    const admitted = this.#waiting.get(peer)
    clearTimeout(admitted?.timer)
    this.#waiting.delete(peer)
  }
}
