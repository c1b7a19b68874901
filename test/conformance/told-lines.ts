import { EventEmitter, once } from 'node:events'

/** The lines that somebody received, which tests wait for. */
export class ToldLines {
  readonly lines: string[] = []
  readonly #told = new EventEmitter().setMaxListeners(0)

  tell(line: string): void {
    this.lines.push(line)
    this.#told.emit('line')
  }

  /** Resolves once exactly this line was received. */
  async until(wanted: string): Promise<void> {
    while (!this.lines.includes(wanted)) await once(this.#told, 'line')
  }
}
