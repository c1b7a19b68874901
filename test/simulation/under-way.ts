import { createHook } from 'node:async_hooks'

/** Resources that would make a run depend on the machine: threads, files, sockets. */
const real = /^(WORKER|FSREQ|FILEHANDLE|TCP|PIPECONNECT|GETADDRINFO|DNS|PROCESSWRAP|TLS|UDP)/
/** After this many turns nothing more can come of pending work. */
const turnsMax = 100_000

/**
 * Counts what this thread still waits for that is neither a port of the simulated world nor a promise: turns of the
 * event loop, of which streams and the HTTP routes take any number. The world continues when nothing is pending.
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

  /**
   * Resolves when everything that can continue by itself has done so. Throws where something waits for the real world.
   */
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
