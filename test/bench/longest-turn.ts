/**
 * The longest CPU time that this thread takes in one turn of the event loop: the length of a stall, apart from the load
 * of the machine.
 */
export class LongestTurn {
  #mostMs = 0
  #last = process.threadCpuUsage()
  #next: NodeJS.Immediate | undefined

  constructor() {
    this.#look()
  }

  /** Stops looking; returns the longest, in milliseconds. */
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
