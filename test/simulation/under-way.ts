import { createHook } from 'node:async_hooks'

/** What would make a run depend on the machine: threads, files, sockets. */
const real = /^(WORKER|FSREQ|FILEHANDLE|TCP|PIPECONNECT|GETADDRINFO|DNS|PROCESSWRAP|TLS|UDP)/
/** After so many turns nothing will come any more of what is still under way. */
const turnsMax = 100_000

/**
 * What this thread's work still waits for that is neither a port of the simulated world nor a promise: turns of the
 * event loop, which streams and the HTTP routes take as many as they like of. The world goes on when nothing is under
 * way.
 */
export class UnderWay {
  readonly #waiting = new Map<number, string>()
  readonly #hook = createHook({
    init: (id, type) => {
      if (type === 'Immediate' || real.test(type)) this.#waiting.set(id, type)
    },
    before: (id) => void this.#waiting.delete(id),
    destroy: (id) => void this.#waiting.delete(id),
    trackPromises: false,
  })

  begin(): void {
    this.#hook.enable()
  }

  end(): void {
    this.#hook.disable()
    this.#waiting.clear()
  }

  /** Resolves when all that can go on by itself has done so. Throws where something waits for the real world. */
  async settled(): Promise<void> {
    for (let turns = 0; turns < turnsMax; turns++) {
      // A turn comes after every promise that can be settled.
      await new Promise<void>((resolve) => setImmediate(resolve))
      if (this.#waiting.size === 0) return
      for (const type of this.#waiting.values()) {
        if (real.test(type)) throw new Error(`the simulated world waits for the real one: ${type}`)
      }
    }
    throw new Error(`the simulated world waits for ${[...this.#waiting.values()].join(', ')}`)
  }
}
