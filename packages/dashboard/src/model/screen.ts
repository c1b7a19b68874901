/** So many lines are kept above what a terminal shows. */
const keptMax = 1_000
const tabColumns = 8

const [esc, bell] = ['\x1b', '\x07']
const title = `${esc}\\][^${bell}${esc}]*`
/** What a program says to a terminal: text, and where it goes on. What colours it is left out. */
const spoken = new RegExp(
  [
    `${esc}\\[([?>=!]?)([\\d;]*)([@-~])`,
    `${title}(?:${bell}|${esc}\\\\)`,
    `${esc}[()#].`,
    `${esc}[^[\\]()#]`,
    '\\p{Cc}',
    '\\P{Cc}+',
  ].join('|'),
  'gsu',
)
/** The beginning of a sequence whose end has not come yet. */
const unfinished = new RegExp(`(?:${esc}(?:\\[[?>=!]?[\\d;]*|[()#])?|${title}${esc}?)$`, 'u')

/**
 * The screen of a terminal as text: what a shell and programs that print lines need of one. Lines that a program
 * scrolls by a region of its own, and colours, are not drawn.
 */
export class Screen {
  #lines: string[] = ['']
  #row = 0
  #column = 0
  #rest = ''
  #size = { columns: 80, rows: 24 }

  resize(columns: number, rows: number): void {
    this.#size = { columns, rows }
  }

  /** Takes in what was said; a sequence may come in several parts. */
  write(text: string): void {
    const all = this.#rest + text
    this.#rest = unfinished.exec(all)?.[0] ?? ''
    const whole = this.#rest === '' ? all : all.slice(0, -this.#rest.length)
    for (const [said, mark = '', numbers = '', end = ''] of whole.matchAll(spoken)) {
      if (end !== '') this.#control(mark, numbers.split(';').map(Number), end)
      else if (said >= ' ' && said !== '\x7f') this.#print(said)
      else this.#move(said)
    }
    const over = this.#lines.length - keptMax
    if (over > 0) {
      this.#lines.splice(0, over)
      this.#row -= over
    }
  }

  /** All lines, with the place of the cursor in them. */
  get shown(): { before: string; at: string; after: string } {
    const line = (this.#lines[this.#row] ?? '').padEnd(this.#column + 1)
    const above = this.#lines.slice(0, this.#row).map((each) => `${each}\n`)
    const below = this.#lines.slice(this.#row + 1).map((each) => `\n${each}`)
    return {
      before: above.join('') + line.slice(0, this.#column),
      at: line.charAt(this.#column),
      after: line.slice(this.#column + 1).trimEnd() + below.join(''),
    }
  }

  /** The first line of what the program takes for its screen. */
  get #top(): number {
    return Math.max(0, this.#lines.length - this.#size.rows)
  }

  #print(text: string): void {
    for (const each of text) {
      if (this.#column >= this.#size.columns) this.#goTo(this.#row + 1, 0)
      const line = (this.#lines[this.#row] ?? '').padEnd(this.#column)
      this.#lines[this.#row] = line.slice(0, this.#column) + each + line.slice(this.#column + 1)
      this.#column += 1
    }
  }

  #move(said: string): void {
    if (said === '\r') this.#column = 0
    else if (said === '\n') this.#goTo(this.#row + 1, this.#column)
    else if (said === '\b') this.#column = Math.max(0, this.#column - 1)
    else if (said === '\t') this.#column += tabColumns - (this.#column % tabColumns)
    else if (said === '\x1bM') this.#goTo(this.#row - 1, this.#column)
  }

  #goTo(row: number, column: number): void {
    this.#row = Math.max(0, row)
    this.#column = Math.max(0, Math.min(this.#size.columns, column))
    while (this.#lines.length <= this.#row) this.#lines.push('')
  }

  #control(mark: string, numbers: readonly number[], end: string): void {
    const [first = 0, second = 0] = numbers
    const count = Math.max(1, first)
    const moves: Readonly<Record<string, () => void>> = {
      A: () => this.#goTo(Math.max(this.#top, this.#row - count), this.#column),
      B: () =>
        this.#goTo(Math.min(this.#top + this.#size.rows - 1, this.#row + count), this.#column),
      C: () => this.#goTo(this.#row, this.#column + count),
      D: () => this.#goTo(this.#row, this.#column - count),
      G: () => this.#goTo(this.#row, count - 1),
      H: () => this.#goTo(this.#top + count - 1, Math.max(1, second) - 1),
      d: () => this.#goTo(this.#top + count - 1, this.#column),
      J: () => this.#eraseScreen(first),
      K: () => this.#eraseLine(first),
      P: () =>
        this.#change((line) => line.slice(0, this.#column) + line.slice(this.#column + count)),
      '@': () =>
        this.#change(
          (line) => line.slice(0, this.#column) + ' '.repeat(count) + line.slice(this.#column),
        ),
    }
    if (mark === '') moves[end]?.()
    // A screen of its own begins and ends empty.
    else if (mark === '?' && first === 1049) this.#eraseScreen(2)
  }

  #change(to: (line: string) => string): void {
    this.#lines[this.#row] = to((this.#lines[this.#row] ?? '').padEnd(this.#column))
  }

  #eraseLine(which: number): void {
    this.#change((line) => {
      if (which === 0) return line.slice(0, this.#column)
      return which === 1 ? ' '.repeat(this.#column + 1) + line.slice(this.#column + 1) : ''
    })
  }

  #eraseScreen(which: number): void {
    if (which === 0) {
      this.#eraseLine(0)
      this.#lines.length = this.#row + 1
      return
    }
    const top = this.#top
    const end = which === 1 ? this.#row : this.#lines.length
    for (let row = top; row < end; row++) this.#lines[row] = ''
    if (which === 1) this.#eraseLine(1)
    else this.#goTo(top, 0)
  }
}
