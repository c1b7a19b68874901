/** The last lines of a text without end, as its parts come. */
export class LogTail {
  readonly #linesMax: number
  #lines: readonly string[] = []
  #rest = ''

  constructor(linesMax: number) {
    this.#linesMax = linesMax
  }

  /** The lines so far; the last one may not be whole yet. */
  get lines(): readonly string[] {
    return this.#rest === '' ? this.#lines : [...this.#lines, this.#rest]
  }

  add(part: string): void {
    const [first = '', ...others] = part.split('\n')
    const whole = this.#rest + first
    const rest = others.pop()
    if (rest === undefined) {
      this.#rest = whole
      return
    }
    this.#rest = rest
    this.#lines = [...this.#lines, whole, ...others].slice(-this.#linesMax)
  }
}
