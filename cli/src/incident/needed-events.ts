import { isWithin, type Located } from './within-namespaces.ts'

/** An event of the history API, as a line of JSON. */
type ExportedEvent = {
  position: string
  stream: string
  type: string
  data?: Located['data'] & { object?: unknown; sealed?: { key: string; whole?: boolean } }
}

/**
 * What to export of a log: everything after one position up to another, and what is needed from before; only for some
 * namespaces if they are named.
 */
type ExportedSpan = {
  after: bigint | undefined
  upTo: bigint
  namespaces?: ReadonlySet<string> | undefined
}

/**
 * The events of an export, in order: all of the span, and for each object that existed at its beginning the events
 * since it was last recorded whole. Data keys are never exported, so the content of encrypted objects is not readable.
 */
export async function* neededEvents(
  lines: AsyncIterable<string>,
  { after = -1n, upTo, namespaces }: ExportedSpan,
): AsyncGenerator<string> {
  let before: Beginning | undefined = new Beginning()
  for await (const line of lines) {
    if (line === '') continue
    const event: ExportedEvent = JSON.parse(line)
    const position = BigInt(event.position)
    if (position > upTo) break
    if (event.stream.startsWith('keys-')) continue
    if (namespaces && !isWithin(namespaces, event)) continue
    const exported = event.data?.sealed ? JSON.stringify(emptied(event)) : line
    if (position <= after) {
      before?.add(event, { position, line: exported })
      continue
    }
    if (before) yield* before.lines()
    before = undefined
    yield exported
  }
  if (before) yield* before.lines()
}

type Line = { position: bigint; line: string }

/** What is needed of a log up to a position to continue from there. */
class Beginning {
  readonly #byStream = new Map<string, Line[]>()

  add({ stream, type, data }: ExportedEvent, line: Line): void {
    const isGone = type.endsWith('Deleted')
    const isWhole = data?.object !== undefined || data?.sealed?.whole === true
    const lines = isWhole ? [] : (this.#byStream.get(stream) ?? [])
    lines.push(line)
    if (isGone) this.#byStream.delete(stream)
    else this.#byStream.set(stream, lines)
  }

  *lines(): Iterable<string> {
    const all = [...this.#byStream.values()].flat()
    for (const { line } of all.sort((a, b) => (a.position < b.position ? -1 : 1))) yield line
  }
}

/** The event with its content made undecryptable. */
const emptied = (event: ExportedEvent): ExportedEvent => {
  const { sealed } = event.data ?? {}
  return {
    ...event,
    data: { ...event.data, sealed: { ...closed, ...sealed, key: sealed?.key ?? '' } },
  }
}

const closed = { iv: '', data: '', tag: '' }
