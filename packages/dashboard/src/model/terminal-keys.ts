/** A key as the browser tells it. */
type Key = {
  readonly key: string
  readonly ctrlKey: boolean
  readonly altKey: boolean
  readonly metaKey: boolean
}

const named: Readonly<Record<string, string>> = {
  Enter: '\r',
  Backspace: '\x7f',
  Tab: '\t',
  Escape: '\x1b',
  Delete: '\x1b[3~',
  ArrowUp: '\x1b[A',
  ArrowDown: '\x1b[B',
  ArrowRight: '\x1b[C',
  ArrowLeft: '\x1b[D',
  Home: '\x1b[H',
  End: '\x1b[F',
  PageUp: '\x1b[5~',
  PageDown: '\x1b[6~',
}

/** What a key says to the program in a terminal; undefined of those that are the browser's. */
export function saidBy({ key, ctrlKey, altKey, metaKey }: Key): string | undefined {
  if (metaKey) return undefined
  const letter = key.toLowerCase()
  if (ctrlKey) return /^[a-z]$/.test(letter) && letter !== 'v' ? control(letter) : undefined
  const said = named[key] ?? ([...key].length === 1 ? key : undefined)
  return said !== undefined && altKey ? `\x1b${said}` : said
}

const control = (letter: string): string => String.fromCharCode(letter.charCodeAt(0) - 96)
