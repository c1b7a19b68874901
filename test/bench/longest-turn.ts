/**
 * The most CPU time that this thread takes in one turn of the event loop: what a stop costs on a machine with nothing
 * beside.
 */
export class LongestTurn {
  #mostMs = 0
  #last = process.threadCpuUsage()
  #next: NodeJS.Immediate | undefined

  constructor() {
    this.#look()
  }

  /** In milliseconds; ends looking. */
  end(): number {
    clearImmediate(this.#next)
    return this.#mostMs
  }

  #look(): void {
    const { user, system } = process.threadCpuUsage(this.#last)
    this.#mostMs = Math.max(this.#mostMs, (user + system) / 1000)
    this.#last = process.threadCpuUsage()
    this.#next = setImmediate(() => this.#look())
  }
}
