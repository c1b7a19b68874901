import { EventEmitter, once } from 'node:events'

/** What somebody was told, line by line, to be waited for. */
export class ToldLines {
  readonly lines: string[] = []
  readonly #told = new EventEmitter().setMaxListeners(0)

  tell(line: string): void {
    this.lines.push(line)
    this.#told.emit('line')
  }

  /** Resolves once that very line has been told. */
  async until(wanted: string): Promise<void> {
    while (!this.lines.includes(wanted)) await once(this.#told, 'line')
  }
}
