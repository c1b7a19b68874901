type Point = { line: number; column: number }

/** The text between two positions (lines and columns counted from 1), and its offset in characters. */
export function locate(
  source: string,
  { start, end }: { start: Point; end: Point },
): { at: number; text: string } {
  const lines = source.split('\n')
  const offsetOf = ({ line, column }: Point) =>
    lines.slice(0, line - 1).reduce((sum, { length }) => sum + length + 1, column - 1)
  const at = offsetOf(start)
  return { at, text: source.slice(at, offsetOf(end)) }
}

/** The shortest passage around a position that occurs only once in the source: as it is, and with the replacement. */
export function uniquePassage(
  source: string,
  { at, text, by }: { at: number; text: string; by: string },
): { text: string; by: string } {
  const end = at + text.length
  for (let margin = 0; ; margin += 10) {
    const [before, after] = [
      source.slice(Math.max(0, at - margin), at),
      source.slice(end, end + margin),
    ]
    const passage = before + text + after
    if (source.split(passage).length === 2) return { text: passage, by: before + by + after }
  }
}
